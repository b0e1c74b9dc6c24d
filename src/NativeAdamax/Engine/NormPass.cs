using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Engine;

/// <summary>
/// One read of a list's gradients, threaded: the sum of squares of each tensor and of all. The bits depend on the
/// elements alone. A sum is not finite if, and only if, an element is not.
/// </summary>
internal sealed unsafe class NormPass : IDisposable
{
    private readonly AlignedMemory _memory;
    private readonly Parts _parts;
    private readonly double[] _squares;

    /// <param name="slots">The tensors of which lists will be made, each once.</param>
    /// <param name="threads">Parts at most.</param>
    public NormPass(IEnumerable<TensorSlot> slots, int threads)
    {
        ulong blocks = 0;
        int tensors = 0;
        foreach (TensorSlot slot in slots)
        {
            blocks += Parts.BlocksOf(slot.Count);
            tensors++;
        }

        _memory = AlignedMemory.Allocate(checked((nuint)blocks * sizeof(double)));
        _parts = new Parts(threads) { Sums = (double*)_memory.Pointer, SumCapacity = blocks };
        _squares = new double[tensors];
    }

    /// <summary>The sum of squares of all tensors of the last list.</summary>
    public double Total { get; private set; }

    /// <summary>The sum of squares of one tensor of the last list.</summary>
    public double this[int tensor] => _squares[tensor];

    /// <summary>Sums the squares of the g streams of a list.</summary>
    public void Run(KernelBackend backend, PartRunner runner, NaTensor* tensors, int count, int parts)
    {
        _parts.Cut(backend, null, 0, tensors, count, parts, Parts.SumGrain);
        Status.Check(runner.Run(backend, KernelOp.SumSquares, _parts));
        double* sums = _parts.Sums;
        for (int i = 0; i < count; i++)
        {
            int blocks = checked((int)Parts.BlocksOf(tensors[i].count));
            _squares[i] = PairwiseSum.Of(new ReadOnlySpan<double>(sums, blocks));
            sums += blocks;
        }

        Sum(count);
    }

    /// <summary>Gives a tensor of the last list a sum of squares from elsewhere.</summary>
    public void Set(int tensor, double squares) => _squares[tensor] = squares;

    /// <summary>Makes <see cref="Total"/> the sum of the last list's tensors.</summary>
    public void Sum(int count) => Total = PairwiseSum.Of(_squares.AsSpan(0, count));

    /// <summary>The first element of a list that is not finite: its tensor's place in the list, and its index there.</summary>
    public static (int Tensor, long Index) FirstNonFinite(KernelBackend backend, NaTensor* tensors, int count)
    {
        using Scratch scratch = new();
        for (int i = 0; i < count; i++)
        {
            if (!TensorList.At(tensors + i, StreamPlace.G).IsThere)
                continue;
            ulong tensor, index;
            NaJob job = new()
            {
                kernels = backend.Kernels,
                tensors = tensors + i,
                tensor_count = 1,
                scratch = scratch.Floats,
                end = tensors[i].count,
            };
            Status.Check(backend.FirstNonFinite(&job, &tensor, &index));
            if (tensor == 0 && tensors[i].count > 0)
                return (i, (long)index);
        }

        return (-1, -1);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _parts.Dispose();
    }
}
