namespace NativeAdamax;

/// <summary>What a step does with a parameter whose gradient is given by rows (<see cref="Parameter.SetRowGradient"/>).</summary>
public enum SparseMode
{
    /// <summary>The same as with the whole gradient, zero in the rows that are not given: every row is read and moves.</summary>
    Dense,

    /// <summary>
    /// Only the rows that are given: the others keep weights and moments, as if the step had not been (MXNet's
    /// lazy_update, PyTorch's SparseAdam). Corrections for bias go by the parameter's count all the same.
    /// </summary>
    LazyRows,

    /// <summary>
    /// The same bits as <see cref="Dense"/>, but the rows that are not given make up for the steps they missed later: when
    /// they are given again, or when <see cref="Optimizer.CatchUp"/> or <see cref="Optimizer.Flush"/> asks for them.
    /// </summary>
    Exact,
}
