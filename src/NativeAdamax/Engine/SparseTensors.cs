using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// The tensors of an engine whose gradients are given by rows. In a step such a tensor either stands in the list with a
/// whole gradient, scattered from its rows, or is hidden there with no elements, and its rows are updated on their own.
/// </summary>
internal sealed unsafe class SparseTensors : IDisposable
{
    private readonly TensorSlot[] _slots;
    private readonly TensorList _tensors;
    private readonly RowJobs _jobs;
    private readonly KernelOp _op;
    private readonly KernelOp _replay;
    private readonly DenseRows?[] _whole;
    private readonly RowHistory?[] _histories;
    private readonly SparseMode[] _modes;
    private bool _hasHistories;

    public SparseTensors(TensorSlot[] slots, TensorList tensors, RowJobs jobs, KernelOp op)
    {
        _slots = slots;
        _tensors = tensors;
        _jobs = jobs;
        _op = op;
        _replay = op == KernelOp.Adamax ? KernelOp.AdamaxReplay : KernelOp.AdamReplay;
        _whole = new DenseRows?[slots.Length];
        _histories = new RowHistory?[slots.Length];
        _modes = new SparseMode[slots.Length];
    }

    /// <summary>Whether a tensor of this step is hidden.</summary>
    public bool HidesAny { get; private set; }

    public bool IsHidden(int tensor) => _modes[tensor] != SparseMode.Dense;

    /// <summary>A hidden tensor's rows.</summary>
    public RowGradient Rows(int tensor) => _slots[tensor].Rows!;

    /// <summary>Begins a step: no rows are read yet.</summary>
    public void Begin()
    {
        if (HidesAny)
            Array.Clear(_modes);
        HidesAny = false;
    }

    /// <summary>Reads the rows, after the whole gradients: what can fail first.</summary>
    /// <param name="recipes">One a group.</param>
    /// <param name="groupOf">The group of each tensor.</param>
    /// <param name="rows">False: this step has gradients from elsewhere, and rows are not looked at.</param>
    /// <exception cref="InvalidOperationException">An optimizer does not take the gradient as it is given.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for what the rows need.</exception>
    public void Read(Recipe[] recipes, int[] groupOf, bool rows)
    {
        Begin();
        rows &= _tensors.HasRows;
        if (!rows && !recipes[0].OnlyRows)
            return;
        for (int i = 0; i < _slots.Length; i++)
            Refuse(i, recipes[groupOf[i]], rows && TakesRows(i), _tensors.IsActive(i));
        for (int i = 0; rows && i < _slots.Length; i++)
        {
            if (TakesRows(i) && _slots[i].Count > 0)
                Prepare(i, recipes[groupOf[i]].RowMode!.Value);
        }

        for (int i = 0; rows && i < _slots.Length; i++)
        {
            if (TakesRows(i) && _slots[i].Count > 0)
                _tensors.Adopt(i, Gradient(i).Floats);
        }
    }

    /// <summary>Reads one tensor's gradient, after <see cref="Refuse"/>: whole, scattered, or its rows alone.</summary>
    public Kept ReadOne(int tensor, Recipe recipe)
    {
        if (TakesRows(tensor) && _slots[tensor].Count > 0)
            Prepare(tensor, recipe.RowMode!.Value);
        return Gradient(tensor);
    }

    /// <exception cref="InvalidOperationException">The optimizer does not take the gradient as it is given.</exception>
    public void Refuse(int tensor, Recipe recipe, bool hasRows, bool hasWhole)
    {
        if (!hasRows)
        {
            if (recipe.OnlyRows && hasWhole)
                throw Refused(tensor, $"{nameof(SparseAdam)} takes rows only: use {nameof(Parameter.SetRowGradient)}.");
            return;
        }

        if (recipe.RowMode is null)
        {
            throw Refused(tensor, $"{recipe.Rules.Dialect}'s {recipe.Algorithm} takes no rows: use {nameof(SparseAdam)}, or "
                + $"say with {nameof(OptimizerOptions.SparseMode)} what they mean.");
        }

        if (recipe.RowMode != SparseMode.Dense && _tensors.KeepsPacked(tensor))
        {
            throw Refused(tensor, $"Its weights or moments are not kept in float32, and {nameof(SparseMode)} "
                + $"{recipe.RowMode} updates single rows: use {nameof(SparseMode.Dense)}.");
        }

        ulong rows = _slots[tensor].Count / (ulong)Math.Max(Rows(tensor).Width, 1);
        if (recipe.RowMode == SparseMode.Exact && rows > (ulong)Array.MaxLength)
            throw Refused(tensor, $"Its {rows} rows are more than {nameof(SparseMode.Exact)} can keep count of.");
    }

    /// <summary>Takes the hidden tensors' elements out of a list of copies.</summary>
    public NaTensor* Hide(NaTensor* list)
    {
        for (int i = 0; i < _tensors.ActiveCount; i++)
        {
            if (IsHidden(_tensors.ActiveIndex(i)))
                list[i].count = 0;
        }

        return list;
    }

    /// <summary>Gives a list of copies the hidden tensors' rows for gradients: elements, but in other places.</summary>
    public NaTensor* Compact(NaTensor* list)
    {
        for (int i = 0; i < _tensors.ActiveCount; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            if (IsHidden(tensor))
                list[i].count = (ulong)Rows(tensor).Count * (ulong)Rows(tensor).Width;
        }

        return list;
    }

    /// <summary>Brings up to date the tensors of a list of which this step reads every row.</summary>
    public void CatchUpWhole()
    {
        if (!_hasHistories)
            return;
        for (int i = 0; i < _tensors.ActiveCount; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            if (_modes[tensor] != SparseMode.Exact || _histories[tensor] is { IsFull: true })
                CatchUp(tensor);
        }
    }

    /// <summary>The step of the hidden tensors of a list, after the scalars' rows are filled.</summary>
    public void Update(NaTensor* list, NaScalars* scalars, int scalarCount)
    {
        if (!HidesAny)
            return;
        for (int i = 0; i < _tensors.ActiveCount; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            if (!IsHidden(tensor))
                continue;
            RowHistory? history = _modes[tensor] == SparseMode.Exact ? _histories[tensor] : null;
            history?.CatchUpBeforeStep(_jobs, _replay, Tensor(tensor), Rows(tensor).Rows);
            UpdateRows(Tensor(tensor) with { row = list[i].row }, Rows(tensor), scalars, scalarCount);
            history?.Record(scalars + list[i].row, Rows(tensor).Rows);
        }
    }

    /// <summary>Whether rows of a tensor make up for this step later.</summary>
    public bool MakesUp(int tensor) => _modes[tensor] == SparseMode.Exact;

    /// <summary>Brings rows of a tensor up to date; all of them where they were of another width.</summary>
    /// <param name="tensor">Its number.</param>
    /// <param name="rows">Checked by the caller.</param>
    public void CatchUp(int tensor, ReadOnlySpan<int> rows)
    {
        if (_histories[tensor] is { } history && history.Width == Rows(tensor).Width)
            history.CatchUp(_jobs, _replay, Tensor(tensor), rows);
        else
            CatchUp(tensor);
    }

    /// <summary>Brings all rows of a tensor up to date.</summary>
    public void CatchUp(int tensor) => _histories[tensor]?.CatchUp(_jobs, _replay, Tensor(tensor));

    /// <summary>Whether a tensor has rows that missed steps, or may have.</summary>
    public bool IsBehind(int tensor) => _histories[tensor] is { Steps: > 0 };

    public void Dispose()
    {
        foreach (DenseRows? whole in _whole)
            whole?.Dispose();
        foreach (RowHistory? history in _histories)
            history?.Dispose();
        _jobs.Dispose();
    }

    private bool TakesRows(int tensor) => _slots[tensor].HasRows && !_slots[tensor].IsFrozen;

    private InvalidOperationException Refused(int tensor, string why) =>
        new($"Parameter {_slots[tensor].Name} cannot take part in this step. {why}");

    private Kept Gradient(int tensor) => !TakesRows(tensor) || _slots[tensor].Count == 0 ? _slots[tensor].Gradient
        : Kept.Of(IsHidden(tensor) ? Rows(tensor).Values : _whole[tensor]!.Scatter(Rows(tensor)));

    private void Prepare(int tensor, SparseMode mode)
    {
        if (mode == SparseMode.Dense)
        {
            _whole[tensor] ??= new DenseRows(_slots[tensor].Count);
            return;
        }

        _jobs.Reserve();
        if (mode == SparseMode.Exact)
            PrepareHistory(tensor);
        _modes[tensor] = mode;
        HidesAny = true;
    }

    private void PrepareHistory(int tensor)
    {
        ulong count = _slots[tensor].Count;
        RowHistory history = _histories[tensor] ??= new RowHistory(count);
        _hasHistories = true;
        int width = Rows(tensor).Width;
        if (width == 0)
            width = history.Width > 0 ? history.Width : count <= int.MaxValue ? (int)count : 1;
        if (width == history.Width)
            return;
        history.CatchUp(_jobs, _replay, Tensor(tensor));
        history.Shape(width);
    }

    /// <summary>The streams that a step of its rows works on.</summary>
    private NaTensor Tensor(int tensor)
    {
        NaTensor all = _tensors.All[tensor];
        return new NaTensor { w = all.w, m = all.m, v = all.v, x = all.x, count = all.count };
    }

    private void UpdateRows(NaTensor tensor, RowGradient gradient, NaScalars* scalars, int scalarCount)
    {
        _jobs.Begin(_op, scalars, scalarCount);
        ReadOnlySpan<int> rows = gradient.Rows;
        for (int k = 0; k < rows.Length;)
        {
            int n = 1;
            while (k + n < rows.Length && rows[k + n] == rows[k] + n)
                n++;
            tensor.g = gradient.Values + (long)k * gradient.Width;
            _jobs.Add(tensor, rows[k], n, gradient.Width);
            k += n;
        }

        _jobs.End();
    }
}
