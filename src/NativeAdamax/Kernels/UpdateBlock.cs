using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The recurrence of a family of optimizers.</summary>
internal interface IFamily
{
    /// <summary>Moves the moments, and answers with the direction d in which the weight goes.</summary>
    static abstract Vector<float> Direction<TOptions>(in Update<TOptions> k, ref Elements e)
        where TOptions : struct, IOptions;
}

/// <summary>The block of a family's step.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct UpdateBlock<TFamily, TOptions>(NaTensor* t, NaScalars* row, On on)
    : IBlock<UpdateBlock<TFamily, TOptions>, Elements>
    where TFamily : struct, IFamily
    where TOptions : struct, IOptions
{
    private readonly float* _w = t->w, _g = t->g, _m = t->m, _v = t->v, _x = t->x, _a = t->a, _s = t->s;
    private readonly float* _moved = t->d is null ? t->w : t->d;
    private readonly Update<TOptions> _update = new(row, on);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UpdateBlock<TFamily, TOptions> Create(NaTensor* t, NaScalars* row, On on) => new(t, row, on);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* AlignedStream(NaTensor* t) => t->m;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Elements Load(nuint i, nuint lanes)
    {
        Elements e = default;
        e.W = Words.Load(_w + i, lanes);
        e.G = Words.Load(_g + i, lanes);
        e.M = Words.Load(_m + i, lanes);
        e.V = Words.Load(_v + i, lanes);
        if (_update.Has(On.Max))
            e.X = Words.Load(_x + i, lanes);
        if (_update.Has(On.Ema))
            e.A = Words.Load(_a + i, lanes);
        if (_update.Has(On.Sum))
            e.G = Words.Load(_s + i, lanes) + e.G;
        return e;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Elements Compute(Elements e)
    {
        e.G = _update.Gradient(e.G, e.W);
        Vector<float> d = TFamily.Direction(in _update, ref e);
        _update.Move(ref e, d);
        return e;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nuint i, Elements e, nuint lanes)
    {
        Words.Store((_update.Has(On.Delta) ? _moved : _w) + i, e.W, lanes);
        Words.Store(_m + i, e.M, lanes);
        Words.Store(_v + i, e.V, lanes);
        if (_update.Has(On.Max))
            Words.Store(_x + i, e.X, lanes);
        if (_update.Has(On.Ema) && !_update.Has(On.Delta))
            Words.Store(_a + i, e.A, lanes);
        if (_update.Has(On.Sum))
            Words.Store(_s + i, Vector<float>.Zero, lanes);
        if (_update.Has(On.ZeroGrad))
            Words.Store(_g + i, Vector<float>.Zero, lanes);
    }
}
