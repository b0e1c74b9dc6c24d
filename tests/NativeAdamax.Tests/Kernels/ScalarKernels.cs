using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The formulas of the native header, one float at a time: what every kernel must give.</summary>
internal static class ScalarKernels
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const float Hiding = 1f / (1L << 39);

    public static void Adam(StreamBuffers s, in NaScalars k, StreamSet present)
    {
        for (int i = 0; i < s.Count; ++i)
            AdamElement(s, k, i, TakeGradient(s, k, i, present), present);
    }

    public static void Adamax(StreamBuffers s, in NaScalars k, StreamSet present)
    {
        for (int i = 0; i < s.Count; ++i)
            AdamaxElement(s, k, i, TakeGradient(s, k, i, present), present);
    }

    public static void AdamReplay(StreamBuffers s, ReadOnlySpan<NaScalars> rows, StreamSet present)
    {
        foreach (ref readonly NaScalars k in rows)
        {
            for (int i = 0; i < s.Count; ++i)
                AdamElement(s, k, i, Gradient(k, 0, s[0][i]), present);
        }
    }

    public static void AdamaxReplay(StreamBuffers s, ReadOnlySpan<NaScalars> rows, StreamSet present)
    {
        foreach (ref readonly NaScalars k in rows)
        {
            for (int i = 0; i < s.Count; ++i)
                AdamaxElement(s, k, i, Gradient(k, 0, s[0][i]), present);
        }
    }

    public static void Ema(StreamBuffers s, in NaScalars k)
    {
        for (int i = 0; i < s.Count; ++i)
            s[5][i] += k.ema * (s[0][i] - s[5][i]);
    }

    public static void Accumulate(StreamBuffers s, in NaScalars k)
    {
        for (int i = 0; i < s.Count; ++i)
        {
            s[6][i] += k.grad_scale == 1 ? s[1][i] : k.grad_scale * s[1][i];
            if ((k.flags & NativeMethods.NA_ZERO_GRAD) != 0)
                s[1][i] = 0;
        }
    }

    private static void AdamElement(StreamBuffers s, in NaScalars k, int i, float g, StreamSet present)
    {
        float m = s[2][i] = Flush(s[2][i] + k.c1 * (g - s[2][i]), k);
        float v = s[3][i];
        v = s[3][i] = Flush(v + k.c2 * (g * g - (v <= k.v_cap ? v : 0)), k);
        float x = v;
        if (present.HasFlag(StreamSet.X))
            x = s[4][i] = Max(s[4][i], k.nu_scale == 1 ? v : k.nu_scale * v);
        if (k.root != 0)
            x += k.root;
        Weight(s, k, i, Numerator(k, m, g) / (MathF.Sqrt(x) + k.eps), present);
    }

    private static void AdamaxElement(StreamBuffers s, in NaScalars k, int i, float g, StreamSet present)
    {
        float m = s[2][i] = Flush(s[2][i] + k.c1 * (g - s[2][i]), k);
        float norm = MathF.Abs(g);
        if (k.eps_in != 0)
            norm += k.eps_in;
        float u = s[3][i] = Flush(Max(s[3][i] - k.c2 * s[3][i], norm), k);
        Weight(s, k, i, Numerator(k, m, g) / (u + k.eps), present);
    }

    /// <summary>The gradient that a step starts from, and what stays where it came from.</summary>
    private static float TakeGradient(StreamBuffers s, in NaScalars k, int i, StreamSet present)
    {
        float g = s[1][i];
        if (present.HasFlag(StreamSet.S))
        {
            g = s[6][i] + g;
            s[6][i] = 0;
        }

        if ((k.flags & NativeMethods.NA_ZERO_GRAD) != 0)
            s[1][i] = 0;
        return Gradient(k, g, s[0][i]);
    }

    private static float Gradient(in NaScalars k, float g, float w)
    {
        if (k.grad_scale != 1)
            g = k.grad_scale * g;
        if (g < -k.clip)
            g = -k.clip;
        if (g > k.clip)
            g = k.clip;
        return k.l2 == 0 ? g : g + k.l2 * w;
    }

    private static float Numerator(in NaScalars k, float m, float g)
    {
        float n = k.num_m == 1 ? m : k.num_m * m;
        return k.num_g == 0 ? n : n + k.num_g * g;
    }

    private static void Weight(StreamBuffers s, in NaScalars k, int i, float d, StreamSet present)
    {
        float change = k.step * d;
        if (k.lambda != 0)
            change = k.lambda * s[0][i] + change;
        if (present.HasFlag(StreamSet.D))
        {
            s[7][i] = 0 - change;
            return;
        }

        s[0][i] -= change;
        if (present.HasFlag(StreamSet.A))
        {
            s[5][i] += k.ema * (s[0][i] - s[5][i]);
            if ((k.flags & NativeMethods.NA_EMA_OVERWRITE) != 0)
                s[0][i] = s[5][i];
        }

        if ((k.flags & NativeMethods.NA_NON_NEGATIVE) != 0 && s[0][i] < 0)
            s[0][i] = 0;
    }

    private static float Max(float a, float b) => float.IsNaN(a) || float.IsNaN(b) ? float.NaN : a > b ? a : b;

    private static float Flush(float x, in NaScalars k)
    {
        bool hidden = k.eps >= Hiding || k.eps_in >= Hiding || k.root >= Hiding * Hiding;
        return hidden && MathF.Abs(x) < SmallestNormal ? 0 : x;
    }
}
