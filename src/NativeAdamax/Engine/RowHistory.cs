using System.Runtime.InteropServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// The scalars of a tensor's last steps, and of each row how many of all steps it has had. The others it missed, since
/// its gradient was zero in them; it makes up for them when it is needed, or else in its turn: with every step a few rows
/// are brought up to date, so that none is more than <see cref="Capacity"/> steps behind.
/// </summary>
internal sealed unsafe class RowHistory(ulong count) : IDisposable
{
    /// <summary>Steps whose scalars are kept.</summary>
    public const int Capacity = 4096;

    // A ring, twice: so the steps that a row missed always stand in one piece.
    private readonly AlignedMemory _memory = AlignedMemory.Allocate(2 * Capacity * (nuint)sizeof(NaScalars));
    private int[] _had = [];
    private int _rows;
    private int _lastToMoveZeros;

    /// <summary>Elements of a row; 0 before <see cref="Shape"/>.</summary>
    public int Width { get; private set; }

    /// <summary>Steps recorded since all rows were up to date.</summary>
    public int Steps { get; private set; }

    public bool IsFull => Steps == int.MaxValue;

    private NaScalars* Scalars => (NaScalars*)_memory.Pointer;

    /// <summary>Cuts the tensor into rows of another width. Only when all are up to date.</summary>
    public void Shape(int width)
    {
        int rows = checked((int)((long)count / width));
        if (rows > _had.Length)
            _had = new int[rows];
        _rows = rows;
        Width = width;
    }

    /// <summary>Brings rows up to date before a step of theirs, and those whose turn it is.</summary>
    /// <inheritdoc cref="CatchUp(RowJobs, KernelOp, NaTensor, ReadOnlySpan{int})"/>
    public void CatchUpBeforeStep(RowJobs jobs, KernelOp replay, NaTensor tensor, ReadOnlySpan<int> rows)
    {
        jobs.Begin(replay, Scalars, 2 * Capacity);
        Add(jobs, tensor, rows);
        long turn = Steps % Capacity;
        Add(jobs, tensor, (int)(turn * _rows / Capacity), (int)((turn + 1) * _rows / Capacity));
        jobs.End();
    }

    /// <summary>Records the step after it, and that these rows have had it.</summary>
    public void Record(NaScalars* scalars, ReadOnlySpan<int> rows)
    {
        Scalars[Steps % Capacity] = Scalars[Steps % Capacity + Capacity] = *scalars;
        Steps++;
        if (!KeepsZeros(scalars))
            _lastToMoveZeros = Steps;
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
        jobs.Begin(replay, Scalars, 2 * Capacity);
        Add(jobs, tensor, rows);
        jobs.End();
    }

    /// <summary>Brings all rows up to date, and begins anew.</summary>
    public void CatchUp(RowJobs jobs, KernelOp replay, NaTensor tensor)
    {
        if (Steps == 0)
            return;
        jobs.Begin(replay, Scalars, 2 * Capacity);
        Add(jobs, tensor, 0, _rows);
        jobs.End();
        Array.Clear(_had);
        Steps = _lastToMoveZeros = 0;
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>
    /// Whether a step with a gradient of zero leaves every bit of weights as it is, and moments of zero at zero: a row
    /// that never had a gradient has nothing to make up for.
    /// </summary>
    private static bool KeepsZeros(NaScalars* s) =>
        s->lambda == 0 && s->l2 == 0 && s->eps_in == 0 && s->eps > 0 && (s->flags & NativeMethods.NA_NON_NEGATIVE) == 0
        && float.IsFinite(s->grad_scale) && float.IsFinite(s->eps) && s->step is >= 0 and < float.PositiveInfinity
        && s->num_m is >= 0 and < float.PositiveInfinity && float.IsFinite(s->num_g) && float.IsFinite(s->nu_scale);

    private static bool IsZero(float* values, int count) =>
        !MemoryMarshal.Cast<float, int>(new ReadOnlySpan<float>(values, count)).ContainsAnyExcept(0);

    private void Add(RowJobs jobs, NaTensor tensor, ReadOnlySpan<int> rows)
    {
        for (int k = 0; k < rows.Length;)
        {
            int first = rows[k], had = _had[first], n = 0;
            for (; k < rows.Length && rows[k] == first + n && _had[rows[k]] == had; k++)
                n++;
            Add(jobs, tensor, first, n, had);
        }
    }

    private void Add(RowJobs jobs, NaTensor tensor, int first, int end)
    {
        while (first < end)
        {
            int had = _had[first], n = _had.AsSpan(first, end - first).IndexOfAnyExcept(had);
            n = n < 0 ? end - first : n;
            Add(jobs, tensor, first, n, had);
            first += n;
        }
    }

    /// <summary>Neighbours that have had the same steps.</summary>
    private void Add(RowJobs jobs, NaTensor tensor, int first, int rows, int had)
    {
        if (had == Steps)
            return;
        _had.AsSpan(first, rows).Fill(Steps);
        tensor.row = (uint)(had % Capacity);
        tensor.steps = (uint)(Steps - had);
        if (had < _lastToMoveZeros)
        {
            jobs.Add(tensor, first, rows, Width);
            return;
        }

        for (int end = first + rows; first < end; first++)
        {
            int n = 0;
            while (first + n < end && !IsZero(tensor, first + n))
                n++;
            if (n > 0)
                jobs.Add(tensor, first, n, Width);
            first += n;
        }
    }

    /// <summary>Whether a row never had a gradient, for all that its moments tell.</summary>
    private bool IsZero(NaTensor tensor, int row)
    {
        long at = (long)row * Width;
        return IsZero(tensor.m + at, Width) && IsZero(tensor.v + at, Width)
            && (tensor.x is null || IsZero(tensor.x + at, Width));
    }
}
