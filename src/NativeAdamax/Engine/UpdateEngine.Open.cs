using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <content>Steps that take one tensor after the other, in whatever order their gradients come.</content>
internal sealed unsafe partial class UpdateEngine
{
    /// <summary>Looks whether all tensors could step now.</summary>
    public void Open()
    {
        _tensors.ReadGradients();
        _sparse.Begin();
    }

    /// <summary>Updates one tensor alone, with the bits of a step over all. Its gradient must be there.</summary>
    /// <returns>The clip coefficient, and that of the change.</returns>
    public (double Clip, double Change) UpdateOne(int tensor, ReadOnlySpan<StepRates> rates, double scale)
    {
        Kept gradient = _sparse.ReadOne(tensor, _recipes[_groupOf[tensor]]);
        NaTensor* list = _sparse.Hide(_tensors.Only(tensor, gradient));
        _sparse.CatchUpWhole();
        StepOutcome outcome = Scale(list, scale, finite: true, measured: false);
        Count(tensor, rates);
        int rows = FillRows(rates, list, _settings.ZeroGradients);
        if (_settings.MaxUpdateNorm is { } most)
        {
            double change = RunHeldBack(list, rows, most);
            ClearRows(tensor);
            return (outcome.Coefficient, change);
        }

        Run(_op, list, Updated, rows);
        _sparse.Update(list, _tensors.Scalars, rows);
        ClearRows(tensor);
        return (outcome.Coefficient, 1);
    }

    /// <summary>Ends such a step: those that were not updated are as if they had no gradient.</summary>
    /// <returns>Whether any was.</returns>
    /// <exception cref="InvalidOperationException">None was, and the dialect takes that for an error.</exception>
    public bool Close(ReadOnlySpan<StepRates> rates, ReadOnlySpan<bool> isUpdated)
    {
        _tensors.Keep(isUpdated);
        if (!HasGradients())
            return false;
        for (int i = 0; i < _slots.Length && !_rules.CountsPerParameter; i++)
        {
            if (!isUpdated[i])
                Count(i, rates);
        }

        _tensors.SplitCopy();
        FinishAverage();
        return true;
    }
}
