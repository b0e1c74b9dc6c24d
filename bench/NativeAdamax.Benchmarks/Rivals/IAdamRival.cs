using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Rivals;

/// <summary>The numbers of a step, as users write them.</summary>
internal readonly record struct AdamNumbers(float Beta1, float Beta2, float StepSize, float Epsilon)
{
    public static AdamNumbers Usual => new(0.9f, 0.999f, 1e-3f, 1e-8f);
}

/// <summary>One step of Adam, written in one of the ways that come to mind.</summary>
internal interface IAdamRival
{
    static abstract void Step(Streams s, AdamNumbers k);
}
