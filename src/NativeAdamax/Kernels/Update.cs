using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// What the adam and the adamax family share: the broadcast scalars, the gradient before and the weight after.
/// </summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct Update<TOptions>(NaScalars* row, On on)
    where TOptions : struct, IOptions
{
    private readonly On _on = on;
    private readonly Vector<float> _gradScale = Words.Set(row->grad_scale);
    private readonly Vector<float> _clipLow = Words.Set(-row->clip);
    private readonly Vector<float> _clipHigh = Words.Set(row->clip);
    private readonly Vector<float> _l2 = Words.Set(row->l2);
    private readonly Vector<float> _numM = Words.Set(row->num_m);
    private readonly Vector<float> _numG = Words.Set(row->num_g);
    private readonly Vector<float> _lambda = Words.Set(row->lambda);
    private readonly Vector<float> _step = Words.Set(row->step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(On option) => (TOptions.Select(_on) & option) != 0;

    /// <summary>clamp(grad_scale * g, -clip, +clip) + l2 * w</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Gradient(Vector<float> g, Vector<float> w)
    {
        if (Has(On.Scale))
            g = _gradScale * g;
        if (Has(On.Clip))
            g = Words.Clamp(g, _clipLow, _clipHigh);
        if (Has(On.L2))
            g += _l2 * w;
        return g;
    }

    /// <summary>num_m * m + num_g * g</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Numerator(Vector<float> m, Vector<float> g)
    {
        Vector<float> n = m;
        if (Has(On.NumM))
            n = _numM * m;
        if (Has(On.NumG))
            n += _numG * g;
        return n;
    }

    /// <summary>w - (lambda * w + step * d): a factor 1 - lambda would round most of a small decay away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Weight(Vector<float> w, Vector<float> d)
    {
        Vector<float> change = _step * d;
        if (Has(On.Decay))
            change = _lambda * w + change;
        return w - change;
    }
}
