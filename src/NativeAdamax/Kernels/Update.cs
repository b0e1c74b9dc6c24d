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
    public readonly Vector<float> C1 = Words.Set(row->c1);
    public readonly Vector<float> C2 = Words.Set(row->c2);
    public readonly Vector<float> VCap = Words.Set(row->v_cap);
    public readonly Vector<float> NuScale = Words.Set(row->nu_scale);
    public readonly Vector<float> Root = Words.Set(row->root);
    public readonly Vector<float> Eps = Words.Set(row->eps);
    public readonly Vector<float> EpsIn = Words.Set(row->eps_in);
    public readonly Vector<uint> Flush = Words.SetFlush(row);
    private readonly On _on = on;
    private readonly Vector<float> _gradScale = Words.Set(row->grad_scale);
    private readonly Vector<float> _clipLow = Words.Set(-row->clip);
    private readonly Vector<float> _clipHigh = Words.Set(row->clip);
    private readonly Vector<float> _l2 = Words.Set(row->l2);
    private readonly Vector<float> _numM = Words.Set(row->num_m);
    private readonly Vector<float> _numG = Words.Set(row->num_g);
    private readonly Vector<float> _lambda = Words.Set(row->lambda);
    private readonly Vector<float> _step = Words.Set(row->step);
    private readonly Vector<float> _ema = Words.Set(row->ema);

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

    /// <summary>
    /// Moves w by d, or with <see cref="On.Delta"/> leaves in w what is to be added to it; then the average, and what
    /// follows it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(ref Elements e, Vector<float> d)
    {
        Vector<float> change = Change(e.W, d);
        if (Has(On.Delta))
        {
            e.W = Vector<float>.Zero - change;
            return;
        }

        e.W -= change;
        if (Has(On.Ema))
            e.A = Words.Toward(e.A, _ema, e.W);
        if (Has(On.Ema) && Has(On.Overwrite))
            e.W = e.A;
        if (Has(On.NonNegative))
            e.W = Words.Clamp(e.W, Vector<float>.Zero, Words.Set(float.PositiveInfinity));
    }

    /// <summary>
    /// lambda * w + step * d, to be taken from w: a factor 1 - lambda would round most of a small decay away.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Change(Vector<float> w, Vector<float> d)
    {
        Vector<float> change = _step * d;
        return Has(On.Decay) ? _lambda * w + change : change;
    }
}
