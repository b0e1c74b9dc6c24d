using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>Elements Begin to End - 1 of a tensor; none where Begin is not below End.</summary>
internal readonly record struct TensorPart(ulong Tensor, ulong Begin, ulong End);

/// <summary>What of each tensor lies in a job's range, up to the last tensor that it reaches.</summary>
internal unsafe ref struct TensorParts(NaJob* job)
{
    private readonly NaJob* _job = job;
    private ulong _next;
    private ulong _start;

    public TensorPart Current { get; private set; }

    public readonly TensorParts GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _job->tensor_count || _start >= _job->end)
            return false;

        ulong count = _job->tensors[_next].count;
        ulong begin = _job->begin > _start ? _job->begin - _start : 0;
        Current = new TensorPart(_next, begin, ulong.Min(_job->end - _start, count));
        _start += count;
        _next++;
        return true;
    }
}
