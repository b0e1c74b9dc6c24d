using NativeAdamax.Constraints;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Rows that make up for steps that they missed.</content>
public abstract unsafe partial class Optimizer
{
    /// <summary>
    /// With <see cref="SparseMode.Exact"/>: gives rows the steps that they missed. To be called with the rows that are
    /// about to be read, as those that a forward pass looks up. Others stay as they are.
    /// </summary>
    /// <param name="parameter">Of this optimizer.</param>
    /// <param name="rows">Indices of rows as wide as those of its gradient; in any order, also more than once.</param>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    /// <exception cref="InvalidOperationException">The parameter holds its average, or another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or the parameter has been disposed.</exception>
    public void CatchUp(Parameter parameter, ReadOnlySpan<int> rows)
    {
        using Exclusive.Scope scope = Enter();
        int index = IndexOf(parameter);
        parameter.Slot.ThrowIfDisposed();
        parameter.Slot.ThrowIfSwapped();
        int width = Math.Max(parameter.Slot.Rows?.Width ?? 1, 1);
        Parameter.CheckRows(rows, parameter.Length / width, nameof(rows));
        if (Engine.IsBehind(index))
            Engine.CatchUp(index, rows);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// With <see cref="SparseMode.Exact"/>: gives all rows of all parameters the steps that they missed. To be called
    /// before weights are read or written as a whole, as in saving them. A step with a whole gradient,
    /// <see cref="State"/>, <see cref="AddGroup"/> and <see cref="Dispose"/> do it by themselves.
    /// </summary>
    /// <exception cref="InvalidOperationException">A parameter holds its average, or another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public void Flush()
    {
        using Exclusive.Scope scope = Enter();
        BringUpToDate();
    }

    /// <summary>Before a parameter's state is read or written.</summary>
    internal void BringUpToDate(int index)
    {
        if (!Engine.IsBehind(index))
            return;
        using Exclusive.Scope scope = Enter();
        Composition.Slots[index].ThrowIfDisposed();
        Composition.Slots[index].ThrowIfSwapped();
        Engine.CatchUp(index);
        GC.KeepAlive(this);
    }

    private void BringUpToDate()
    {
        for (int i = 0; i < Composition.Slots.Length; i++)
        {
            if (!Engine.IsBehind(i))
                continue;
            Composition.Slots[i].ThrowIfDisposed();
            Composition.Slots[i].ThrowIfSwapped();
        }

        for (int i = 0; i < Composition.Slots.Length; i++)
            Engine.CatchUp(i);
        GC.KeepAlive(this);
    }

    /// <summary>The memory of a disposed parameter may be gone: its rows stay as they are.</summary>
    private void FlushBeforeEnd()
    {
        TensorSlot[] slots = Composition.Slots;
        for (int i = 0; i < slots.Length; i++)
        {
            if (Engine.IsBehind(i) && !slots[i].IsDisposed)
                slots[i].ThrowIfSwapped();
        }

        for (int i = 0; i < slots.Length; i++)
        {
            if (!slots[i].IsDisposed)
                Engine.CatchUp(i);
        }
    }

    private static void RefuseToMakeUp(Parameter parameter)
    {
        if (parameter.Constraint is not (null or WeightConstraint.NonNegativeWeights))
        {
            throw new InvalidOperationException(
                $"Parameter {parameter.Name} has a constraint that needs every row after every step, and rows that "
                + $"{nameof(SparseMode)} {nameof(SparseMode.Exact)} leaves out: use {nameof(SparseMode.Dense)}.");
        }
    }
}
