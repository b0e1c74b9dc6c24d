using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The operations that a call does at all: a neutral scalar or a missing stream leaves its own out.</summary>
[Flags]
internal enum On
{
    Nothing = 0,
    Scale = 1 << 0,
    Clip = 1 << 1,
    L2 = 1 << 2,
    NumM = 1 << 3,
    NumG = 1 << 4,
    Root = 1 << 5,
    NuScale = 1 << 6,
    EpsIn = 1 << 7,
    Decay = 1 << 8,
    ZeroGrad = 1 << 9,
    Max = 1 << 10,
    Ema = 1 << 11,
    Sum = 1 << 12,
    Delta = 1 << 13,
    Overwrite = 1 << 14,
    NonNegative = 1 << 15,

    /// <summary>What changes no bit where it is neutral, a factor of 1 and a sum with 0: every loop but the plain one has it.</summary>
    Free = Scale | EpsIn,
}

internal static unsafe class Options
{
    /// <summary>What the scalars ask for: the same rule as in the native library.</summary>
    public static On OfRow(NaScalars* row)
    {
        On on = On.Nothing;
        on |= row->grad_scale != 1 ? On.Scale : 0;
        on |= row->clip != float.PositiveInfinity ? On.Clip : 0;
        on |= row->l2 != 0 ? On.L2 : 0;
        on |= row->num_m != 1 ? On.NumM : 0;
        on |= row->num_g != 0 ? On.NumG : 0;
        on |= row->root != 0 ? On.Root : 0;
        on |= row->nu_scale != 1 ? On.NuScale : 0;
        on |= row->eps_in != 0 ? On.EpsIn : 0;
        on |= row->lambda != 0 ? On.Decay : 0;
        on |= (row->flags & NativeMethods.NA_ZERO_GRAD) != 0 ? On.ZeroGrad : 0;
        on |= (row->flags & NativeMethods.NA_EMA_OVERWRITE) != 0 ? On.Overwrite : 0;
        on |= (row->flags & NativeMethods.NA_NON_NEGATIVE) != 0 ? On.NonNegative : 0;
        return on;
    }

    /// <summary>What the tensor's streams ask for.</summary>
    public static On OfStreams(NaTensor* t) =>
        (t->x != null ? On.Max : 0) | (t->a != null ? On.Ema : 0) | (t->s != null ? On.Sum : 0)
        | (t->d != null ? On.Delta : 0);
}
