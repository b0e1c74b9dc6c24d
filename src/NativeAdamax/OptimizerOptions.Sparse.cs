namespace NativeAdamax;

/// <content>Gradients that are given by rows.</content>
public abstract partial record OptimizerOptions
{
    /// <summary>
    /// What a gradient given by rows means (<see cref="Parameter.SetRowGradient"/>). Null: <see cref="SparseMode.Dense"/>;
    /// but PyTorch's optimizers refuse such gradients unless it is given, and <see cref="SparseAdam"/> has
    /// <see cref="SparseMode.LazyRows"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public SparseMode? SparseMode
    {
        get;
        init => field = value is { } given ? Check.Defined(given) : null;
    }

    /// <summary>What needs every row at every step.</summary>
    /// <exception cref="ArgumentException">Rows are to be left out at the same time.</exception>
    private void RefuseWithRows()
    {
        if (SparseMode is null or NativeAdamax.SparseMode.Dense)
            return;
        Refuse(Ema is not null, nameof(Ema), "an average moves with every weight");
        Refuse(AccumulationSteps > 1, nameof(AccumulationSteps), "a sum of gradients is whole");
        Refuse(AccumulationSchedule is not null, nameof(AccumulationSchedule), "a sum of gradients is whole");
        Refuse(MaxUpdateNorm is not null, nameof(MaxUpdateNorm), "it is a part of the norm of all weights");
        Refuse(
            Precision?.IsReduced == true, nameof(Precision), "blocks of moments and what rounds them are whole");
        bool couples = WeightDecay > 0 && WeightDecayForm == NativeAdamax.WeightDecayForm.Coupled;
        Refuse(
            couples && SparseMode == NativeAdamax.SparseMode.Exact, nameof(WeightDecay),
            $"coupled, its {WeightDecay} times the weight makes every gradient one that is not zero");

        void Refuse(bool isThere, string name, string why)
        {
            if (isThere)
            {
                throw new ArgumentException(
                    $"{name} needs every row at every step, which {nameof(SparseMode)} {SparseMode} leaves out: {why}. "
                    + $"Use {nameof(NativeAdamax.SparseMode.Dense)}.",
                    name);
            }
        }
    }
}
