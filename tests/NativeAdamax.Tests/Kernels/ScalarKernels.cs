using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The formulas of the native header, one float at a time: what every kernel must give.</summary>
internal static class ScalarKernels
{
    private const float SmallestNormal = 1.17549435e-38f;

    public static void Adam(StreamBuffers s, NaScalars k, bool withMax, bool withEma)
    {
        for (int i = 0; i < s.Count; ++i)
        {
            float g = Gradient(s, k, i);
            float m = s[2][i] = Flush(s[2][i] + k.c1 * (g - s[2][i]), k);
            float v = s[3][i];
            v = s[3][i] = Flush(v + k.c2 * (g * g - (v <= k.v_cap ? v : 0)), k);
            float x = v;
            if (withMax)
                x = s[4][i] = Max(s[4][i], k.nu_scale == 1 ? v : k.nu_scale * v);
            if (k.root != 0)
                x += k.root;
            Weight(s, k, i, Numerator(k, m, g) / (MathF.Sqrt(x) + k.eps), withEma);
        }
    }

    public static void Adamax(StreamBuffers s, NaScalars k, bool withEma)
    {
        for (int i = 0; i < s.Count; ++i)
        {
            float g = Gradient(s, k, i);
            float m = s[2][i] = Flush(s[2][i] + k.c1 * (g - s[2][i]), k);
            float norm = MathF.Abs(g);
            if (k.eps_in != 0)
                norm += k.eps_in;
            float u = s[3][i] = Flush(Max(s[3][i] - k.c2 * s[3][i], norm), k);
            Weight(s, k, i, Numerator(k, m, g) / (u + k.eps), withEma);
        }
    }

    public static void Ema(StreamBuffers s, NaScalars k)
    {
        for (int i = 0; i < s.Count; ++i)
            s[5][i] += k.ema * (s[0][i] - s[5][i]);
    }

    public static void Accumulate(StreamBuffers s, NaScalars k)
    {
        for (int i = 0; i < s.Count; ++i)
        {
            s[6][i] += k.grad_scale == 1 ? s[1][i] : k.grad_scale * s[1][i];
            if (k.flags != 0)
                s[1][i] = 0;
        }
    }

    private static float Gradient(StreamBuffers s, NaScalars k, int i)
    {
        float g = s[1][i];
        if (k.flags != 0)
            s[1][i] = 0;
        if (k.grad_scale != 1)
            g = k.grad_scale * g;
        if (g < -k.clip)
            g = -k.clip;
        if (g > k.clip)
            g = k.clip;
        return k.l2 == 0 ? g : g + k.l2 * s[0][i];
    }

    private static float Numerator(NaScalars k, float m, float g)
    {
        float n = k.num_m == 1 ? m : k.num_m * m;
        return k.num_g == 0 ? n : n + k.num_g * g;
    }

    private static void Weight(StreamBuffers s, NaScalars k, int i, float d, bool withEma)
    {
        float change = k.step * d;
        if (k.lambda != 0)
            change = k.lambda * s[0][i] + change;
        s[0][i] -= change;
        if (withEma)
            s[5][i] += k.ema * (s[0][i] - s[5][i]);
    }

    private static float Max(float a, float b) => float.IsNaN(a) || float.IsNaN(b) ? float.NaN : a > b ? a : b;

    private static float Flush(float x, NaScalars k)
    {
        float hiding = MathF.ScaleB(1, -39);
        bool hidden = k.eps >= hiding || k.eps_in >= hiding || k.root >= MathF.ScaleB(1, -78);
        return hidden && MathF.Abs(x) < SmallestNormal ? 0 : x;
    }
}
