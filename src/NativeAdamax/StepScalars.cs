using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax;

/// <summary>
/// The numbers of one fused step, the same for every element of a tensor: what <see cref="FusedOps"/> and the
/// optimizers hand to the kernels. They are computed in double and rounded to float32 once, here.
/// </summary>
/// <remarks>
/// <para>For every element, in float32, in the order of the parentheses, never fused:</para>
/// <code>
///     g = clamp(GradScale * g, -Clip, +Clip) + L2 * w
///     m = m + C1 * (g - m)
///     Adam:    v = v + C2 * (g * g - v)
///              x = v, or with a maximum stream  x = max(x, NuScale * v)
///              d = (NumM * m + NumG * g) / (sqrt(x + Root) + Eps)
///     Adamax:  v = max(v - C2 * v, |g| + EpsIn)
///              d = (NumM * m + NumG * g) / (v + Eps)
///     w = w - (Lambda * w + Step * d)
///     a = a + Ema * (w - a)             where there is an average
///     w = a                             with EmaOverwrite, where there is an average
///     w = 0 where w is below 0          with NonNegative
/// </code>
/// <para>A scalar at its neutral value (GradScale 1, Clip +infinity, L2 0, NuScale 1, Root 0, EpsIn 0, NumM 1, NumG 0,
/// Lambda 0) means that its operation is not done at all: no zero times infinity, no time spent.</para>
/// <para>A new <c>m</c> or <c>v</c> below the smallest normal float is stored as +0 where <see cref="Eps"/> or
/// <see cref="EpsIn"/> is at least 2^-39 or <see cref="Root"/> at least 2^-78, so that it cannot show in d.</para>
/// <para>Write <c>new StepScalars { ... }</c>. <c>default(StepScalars)</c> is all zeros, which no operation
/// accepts.</para>
/// </remarks>
public readonly record struct StepScalars
{
    /// <summary>Every scalar at its neutral value; the rates, <see cref="Eps"/> and <see cref="Step"/> are 0.</summary>
    public StepScalars()
    {
    }

    /// <summary>
    /// Factor of the gradient: 1/loss scale, 1/accumulated steps, a clip coefficient, -1 to maximize.
    /// </summary>
    public double GradScale { get; init; } = 1;

    /// <summary>Largest magnitude of a gradient element after <see cref="GradScale"/>; +infinity for none.</summary>
    public double Clip { get; init; } = double.PositiveInfinity;

    /// <summary>Coupled (L2) weight decay: added to the gradient times the weight.</summary>
    public double L2 { get; init; }

    /// <summary>1 - beta1, the rate of the first moment, 0 to 1.</summary>
    public double C1 { get; init; }

    /// <summary>1 - beta2, the rate of the second moment or of the infinity norm, 0 to 1.</summary>
    public double C2 { get; init; }

    /// <summary>
    /// A second moment above it counts as 0 where it is subtracted from g * g: the largest float keeps an infinite
    /// moment infinite, +infinity (the neutral value) makes it NaN, as the formula says.
    /// </summary>
    public double VCap { get; init; } = double.PositiveInfinity;

    /// <summary>Factor of the second moment where it enters AMSGrad's maximum.</summary>
    public double NuScale { get; init; } = 1;

    /// <summary>Added to the second moment under the root.</summary>
    public double Root { get; init; }

    /// <summary>Added to the denominator.</summary>
    public double Eps { get; init; }

    /// <summary>Adamax: added to the magnitude of the gradient inside the maximum.</summary>
    public double EpsIn { get; init; }

    /// <summary>Factor of the first moment in the numerator.</summary>
    public double NumM { get; init; } = 1;

    /// <summary>Factor of the gradient in the numerator (Nadam).</summary>
    public double NumG { get; init; }

    /// <summary>Decoupled weight decay: learning rate times decay.</summary>
    public double Lambda { get; init; }

    /// <summary>Learning rate, with the bias corrections that fold into it.</summary>
    public double Step { get; init; }

    /// <summary>1 - momentum of the moving average of the weights, 0 to 1.</summary>
    public double Ema { get; init; }

    /// <summary>Store 0 over the gradient after it was read.</summary>
    public bool ZeroGrad { get; init; }

    /// <summary>
    /// Store the moving average over the weight too, after it took the new weight in. Plays no part without an average.
    /// </summary>
    public bool EmaOverwrite { get; init; }

    /// <summary>
    /// Store 0 for a weight that ends below 0, the last thing in a step: weights from 0 up. NaN and -0 stay, and the
    /// average takes in the weight as it was before.
    /// </summary>
    public bool NonNegative { get; init; }

    private uint Flags =>
        (ZeroGrad ? NativeMethods.NA_ZERO_GRAD : 0)
        | (EmaOverwrite ? NativeMethods.NA_EMA_OVERWRITE : 0)
        | (NonNegative ? NativeMethods.NA_NON_NEGATIVE : 0);

    /// <summary>The row that the kernels read: every scalar rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal NaScalars ToNative() => new()
    {
        grad_scale = (float)GradScale,
        clip = (float)Clip,
        l2 = (float)L2,
        c1 = (float)C1,
        c2 = (float)C2,
        v_cap = (float)VCap,
        nu_scale = (float)NuScale,
        root = (float)Root,
        eps = NotToZero(Eps),
        eps_in = NotToZero(EpsIn),
        num_m = (float)NumM,
        num_g = (float)NumG,
        lambda = (float)Lambda,
        step = (float)Step,
        ema = (float)Ema,
        flags = Flags,
    };

    /// <summary>An epsilon that keeps a denominator from 0 still does where a correction has made it tiny.</summary>
    private static float NotToZero(double epsilon) =>
        epsilon > 0 ? MathF.Max((float)epsilon, float.Epsilon) : (float)epsilon;
}
