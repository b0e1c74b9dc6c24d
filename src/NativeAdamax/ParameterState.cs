using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// What an optimizer keeps of one parameter between steps, to be read and to be set, as where a state comes from
/// another program. Spans are memory of the optimizer: not to be used after its <see cref="Optimizer.Dispose"/>, nor
/// after <see cref="Optimizer.AddGroup"/>, nor during a step.
/// </summary>
/// <remarks>
/// Every member throws <see cref="ObjectDisposedException"/> after the optimizer's end, and every span
/// <see cref="InvalidOperationException"/> where the parameter is longer than a span can be.
/// </remarks>
public readonly unsafe partial struct ParameterState
{
    private readonly Optimizer _optimizer;
    private readonly Parameter _parameter;

    internal ParameterState(Optimizer optimizer, Parameter parameter)
    {
        _optimizer = optimizer;
        _parameter = parameter;
    }

    /// <summary>m, where it is kept in float32; otherwise <see cref="CopyFirstMomentTo"/>.</summary>
    /// <exception cref="InvalidOperationException">It is kept in another format.</exception>
    public Span<float> FirstMoment => Floats(StreamPlace.M, nameof(CopyFirstMomentTo), nameof(SetFirstMoment));

    /// <summary>
    /// v; u, the infinity norm, for Adamax; where it is kept in float32, otherwise <see cref="CopySecondMomentTo"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is kept in another format.</exception>
    public Span<float> SecondMoment => Floats(StreamPlace.V, nameof(CopySecondMomentTo), nameof(SetSecondMoment));

    /// <summary>
    /// AMSGrad's maximum of v, where it is kept in float32, otherwise <see cref="CopyMaxSecondMomentTo"/>; empty without
    /// AMSGrad.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is kept in another format.</exception>
    public Span<float> MaxSecondMoment =>
        Floats(StreamPlace.X, nameof(CopyMaxSecondMomentTo), nameof(SetMaxSecondMoment));

    /// <summary>The sum of the gradients of the calls since the last update; empty where no gradients are accumulated.</summary>
    public Span<float> GradientSum => Span(Engine.Of(StreamPlace.S, Index).Floats);

    /// <summary>
    /// The average of the weights, where it is kept in float32, otherwise <see cref="CopyAverageTo"/>; empty without
    /// <see cref="OptimizerOptions.Ema"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is kept in another format.</exception>
    public Span<float> Average => Floats(StreamPlace.A, nameof(CopyAverageTo), nameof(SetAverage));

    /// <summary>Updates that the parameter has had, as the dialect counts them: t of the bias corrections.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 0 or more than 2^62.</exception>
    public long UpdateCount
    {
        get => Engine.CountOf(Index);

        set
        {
            Check.Count(value);
            using Exclusive.Scope scope = _optimizer.Enter();
            Engine.SetCount(Index, value);
        }
    }

    /// <summary>Nadam: the product of the momenta of all updates so far, 1 before the first. 1 for the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to what is not from 0 to 1.</exception>
    public double MomentumProduct
    {
        get => Engine.ProductOf(Index);

        set
        {
            Check.Fraction(value);
            using Exclusive.Scope scope = _optimizer.Enter();
            Engine.SetProduct(Index, value);
        }
    }

    private UpdateEngine Engine => _optimizer.Engine;

    private int Index => _optimizer.IndexOf(_parameter);

    private int UpToDate()
    {
        _optimizer.BringUpToDate(Index);
        return Index;
    }

    private Span<float> Span(float* start) => start is null ? default : _parameter.SpanOf(start);

    private Span<float> Floats(StreamPlace place, string copy, string set)
    {
        Kept kept = Engine.Of(place, place == StreamPlace.A ? Index : UpToDate());
        return !kept.IsPacked
            ? Span(kept.Floats)
            : throw new InvalidOperationException(
                $"{NameOf(place)} of {_parameter.Name} is kept as {StreamFormat.NameOf(kept.Format)}: use {copy} and {set}.");
    }
}
