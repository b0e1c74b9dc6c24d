using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// The scalars of a tensor's last steps, and of each row how many of them it has had. The others it missed, since its
/// gradient was zero in them; they are made up for when it is needed.
/// </summary>
internal sealed unsafe class RowHistory(ulong count) : IDisposable
{
    /// <summary>Steps that are kept: after so many every row is brought up to date.</summary>
    public const int Capacity = 4096;

    private readonly AlignedMemory _memory = AlignedMemory.Allocate(Capacity * (nuint)sizeof(NaScalars));
    private int[] _had = [];

    /// <summary>Elements of a row; 0 before <see cref="Shape"/>.</summary>
    public int Width { get; private set; }

    /// <summary>Steps recorded since all rows were up to date.</summary>
    public int Steps { get; private set; }

    public bool IsFull => Steps == Capacity;

    private NaScalars* Scalars => (NaScalars*)_memory.Pointer;

    /// <summary>Cuts the tensor into rows of another width. Only when all are up to date.</summary>
    public void Shape(int width)
    {
        int rows = checked((int)((long)count / width));
        if (rows > _had.Length)
            _had = new int[rows];
        Width = width;
    }

    /// <summary>Records a step, which these rows have had.</summary>
    public void Record(NaScalars* scalars, ReadOnlySpan<int> rows)
    {
        Scalars[Steps++] = *scalars;
        foreach (int row in rows)
            _had[row] = Steps;
    }

    /// <summary>Brings rows up to date.</summary>
    /// <param name="jobs">What runs them.</param>
    /// <param name="replay">The op of the missed steps.</param>
    /// <param name="tensor">The whole tensor.</param>
    /// <param name="rows">In any order, also more than once.</param>
    public void CatchUp(RowJobs jobs, KernelOp replay, NaTensor tensor, ReadOnlySpan<int> rows)
    {
        jobs.Begin(replay, Scalars, Steps);
        for (int k = 0; k < rows.Length;)
        {
            int first = rows[k], had = _had[first], n = 0;
            for (; k < rows.Length && rows[k] == first + n && _had[first + n] == had; k++)
                _had[first + n++] = Steps;
            Add(jobs, tensor, first, n, had);
        }

        jobs.End();
    }

    /// <summary>Brings all rows up to date, and begins anew.</summary>
    public void CatchUp(RowJobs jobs, KernelOp replay, NaTensor tensor)
    {
        if (Steps == 0)
            return;
        int rows = (int)((long)count / Width);
        jobs.Begin(replay, Scalars, Steps);
        for (int first = 0; first < rows;)
        {
            int had = _had[first], n = _had.AsSpan(first, rows - first).IndexOfAnyExcept(had);
            n = n < 0 ? rows - first : n;
            Add(jobs, tensor, first, n, had);
            first += n;
        }

        jobs.End();
        Array.Clear(_had);
        Steps = 0;
    }

    public void Dispose() => _memory.Dispose();

    private void Add(RowJobs jobs, NaTensor tensor, int first, int rows, int had)
    {
        if (had == Steps)
            return;
        tensor.row = (uint)had;
        tensor.steps = (uint)(Steps - had);
        jobs.Add(tensor, first, rows, Width);
    }
}
