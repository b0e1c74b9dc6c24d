using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The streams of several tensors, filled alike in every instance.</summary>
internal sealed class TensorListBuffers : IDisposable
{
    private static readonly TestValues Values = TestValues.Training(1000, seed: 7);

    private readonly StreamBuffers[] _tensors;

    public TensorListBuffers(ReadOnlySpan<int> counts)
    {
        _tensors = new StreamBuffers[counts.Length];
        for (int i = 0; i < counts.Length; ++i)
        {
            _tensors[i] = new StreamBuffers(counts[i], misalignment: i);
            _tensors[i].Fill(Values);
            Total += counts[i];
        }
    }

    public int Total { get; }

    public NaTensor[] Tensors(StreamSet present) => [.. _tensors.Select(t => t.Tensor(present))];

    public void AssertSameBits(TensorListBuffers expected, string what) =>
        AssertMixture(expected, expected, 0, Total, what);

    /// <summary>
    /// Elements begin to end - 1 of all tensors laid end to end are those of one list, the others of another.
    /// </summary>
    public void AssertMixture(TensorListBuffers inside, TensorListBuffers outside, int begin, int end, string what)
    {
        int start = 0;
        for (int i = 0; i < _tensors.Length; ++i)
        {
            int count = _tensors[i].Count;
            int from = int.Clamp(begin - start, 0, count);
            int to = int.Clamp(end - start, from, count);
            for (int stream = 0; stream < StreamBuffers.StreamCount; ++stream)
            {
                string where = $"{what}, tensor {i}, stream {stream}";
                Span<float> actual = _tensors[i][stream];
                Bits.AssertSame(outside._tensors[i][stream][..from], actual[..from], where + ", before");
                Bits.AssertSame(inside._tensors[i][stream][from..to], actual[from..to], where);
                Bits.AssertSame(outside._tensors[i][stream][to..], actual[to..], where + ", after");
            }

            _tensors[i].AssertGuardsUntouched(what);
            start += count;
        }
    }

    public void Dispose()
    {
        foreach (StreamBuffers tensor in _tensors)
            tensor.Dispose();
    }
}
