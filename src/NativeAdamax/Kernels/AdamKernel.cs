using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// m = flush(m + c1 * (g - m)), v = flush(v + c2 * (g * g - keep(v))), x = v or max(x, nu_scale * v),
/// w = w - (lambda * w + step * (num_m * m + num_g * g) / (sqrt(x + root) + eps)).
/// </summary>
internal readonly unsafe struct AdamKernel : IKernel
{
    public static StreamSet Needs => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => StreamSet.X | StreamSet.A;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
    {
        on &= ~On.EpsIn;
        switch (on)
        {
            case On.Nothing:
                Sweep<Plain>(t, row, on, begin, end);
                break;
            case On.ZeroGrad:
                Sweep<ZeroGrad>(t, row, on, begin, end);
                break;
            case On.Decay:
                Sweep<Decay>(t, row, on, begin, end);
                break;
            case On.Decay | On.ZeroGrad:
                Sweep<Both<Decay, ZeroGrad>>(t, row, on, begin, end);
                break;
            case On.Ema:
                Sweep<Ema>(t, row, on, begin, end);
                break;
            case On.Decay | On.Ema:
                Sweep<Both<Decay, Ema>>(t, row, on, begin, end);
                break;
            case On.Scale:
                Sweep<Scale>(t, row, on, begin, end);
                break;
            case On.Scale | On.Decay:
                Sweep<Both<Scale, Decay>>(t, row, on, begin, end);
                break;
            case On.Max:
                Sweep<Max>(t, row, on, begin, end);
                break;
            case On.NumM | On.NumG:
                Sweep<Nadam>(t, row, on, begin, end);
                break;
            default:
                Sweep<Asked>(t, row, on, begin, end);
                break;
        }
    }

    private static void Sweep<TOptions>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
        where TOptions : struct, IOptions => Kernels.Sweep.Run<Block<TOptions>, Values>(t, row, on, begin, end);

    private struct Values
    {
        public Vector<float> W, G, M, V, X, A;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block<TOptions>(NaTensor* t, NaScalars* row, On on) : IBlock<Block<TOptions>, Values>
        where TOptions : struct, IOptions
    {
        private readonly float* _w = t->w, _g = t->g, _m = t->m, _v = t->v, _x = t->x, _a = t->a;
        private readonly Update<TOptions> _update = new(row, on);
        private readonly Vector<float> _c1 = Words.Set(row->c1);
        private readonly Vector<float> _c2 = Words.Set(row->c2);
        private readonly Vector<float> _vCap = Words.Set(row->v_cap);
        private readonly Vector<float> _nuScale = Words.Set(row->nu_scale);
        private readonly Vector<float> _root = Words.Set(row->root);
        private readonly Vector<float> _eps = Words.Set(row->eps);
        private readonly Vector<float> _ema = Words.Set(row->ema);
        private readonly Vector<uint> _flush = Words.SetFlush(row);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block<TOptions> Create(NaTensor* t, NaScalars* row, On on) => new(t, row, on);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* AlignedStream(NaTensor* t) => t->m;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Load(nuint i, nuint lanes)
        {
            Values s = default;
            s.W = Words.Load(_w + i, lanes);
            s.G = Words.Load(_g + i, lanes);
            s.M = Words.Load(_m + i, lanes);
            s.V = Words.Load(_v + i, lanes);
            if (_update.Has(On.Max))
                s.X = Words.Load(_x + i, lanes);
            if (_update.Has(On.Ema))
                s.A = Words.Load(_a + i, lanes);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Compute(Values s)
        {
            s.G = _update.Gradient(s.G, s.W);
            s.M = Words.Flush(Words.Toward(s.M, _c1, s.G), _flush);
            s.V = Words.Flush(s.V + _c2 * (s.G * s.G - Words.Keep(s.V, _vCap)), _flush);
            Vector<float> root = s.V;
            if (_update.Has(On.Max))
            {
                s.X = Words.MaxNonNegative(s.X, _update.Has(On.NuScale) ? _nuScale * s.V : s.V);
                root = s.X;
            }

            if (_update.Has(On.Root))
                root += _root;
            s.W = _update.Weight(s.W, _update.Numerator(s.M, s.G) / (Words.Sqrt(root) + _eps));
            if (_update.Has(On.Ema))
                s.A = Words.Toward(s.A, _ema, s.W);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Values s, nuint lanes)
        {
            Words.Store(_w + i, s.W, lanes);
            Words.Store(_m + i, s.M, lanes);
            Words.Store(_v + i, s.V, lanes);
            if (_update.Has(On.Max))
                Words.Store(_x + i, s.X, lanes);
            if (_update.Has(On.Ema))
                Words.Store(_a + i, s.A, lanes);
            if (_update.Has(On.ZeroGrad))
                Words.Store(_g + i, Vector<float>.Zero, lanes);
        }
    }
}
