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
public readonly unsafe struct ParameterState
{
    private readonly Optimizer _optimizer;
    private readonly Parameter _parameter;

    internal ParameterState(Optimizer optimizer, Parameter parameter)
    {
        _optimizer = optimizer;
        _parameter = parameter;
    }

    /// <summary>m.</summary>
    public Span<float> FirstMoment => Span(Engine.FirstMoment(UpToDate()));

    /// <summary>v; u, the infinity norm, for Adamax.</summary>
    public Span<float> SecondMoment => Span(Engine.SecondMoment(UpToDate()));

    /// <summary>AMSGrad's maximum of v; empty without AMSGrad.</summary>
    public Span<float> MaxSecondMoment => Span(Engine.Maximum(UpToDate()));

    /// <summary>The sum of the gradients of the calls since the last update; empty where no gradients are accumulated.</summary>
    public Span<float> GradientSum => Span(Engine.GradientSum(Index));

    /// <summary>The average of the weights; empty without <see cref="OptimizerOptions.Ema"/>.</summary>
    public Span<float> Average => Span(Engine.Average(Index));

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
}
