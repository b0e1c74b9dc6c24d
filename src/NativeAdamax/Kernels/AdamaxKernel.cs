using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// m = flush(m + c1 * (g - m)), u = flush(max(u - c2 * u, |g| + eps_in)),
/// w = w - (lambda * w + step * (num_m * m + num_g * g) / (u + eps)).
/// </summary>
internal readonly unsafe struct AdamaxKernel : IKernel
{
    public static StreamSet Needs => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => StreamSet.A;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
    {
        on &= ~(On.Root | On.NuScale | On.Max);
        switch (on)
        {
            case On.Nothing:
                Sweep<Plain>(t, row, on, begin, end);
                break;
            case On.EpsIn:
                Sweep<EpsIn>(t, row, on, begin, end);
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
            case On.Scale | On.EpsIn:
                Sweep<Both<Scale, EpsIn>>(t, row, on, begin, end);
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
        public Vector<float> W, G, M, U, A;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block<TOptions>(NaTensor* t, NaScalars* row, On on) : IBlock<Block<TOptions>, Values>
        where TOptions : struct, IOptions
    {
        private readonly float* _w = t->w, _g = t->g, _m = t->m, _u = t->v, _a = t->a;
        private readonly Update<TOptions> _update = new(row, on);
        private readonly Vector<float> _c1 = Words.Set(row->c1);
        private readonly Vector<float> _c2 = Words.Set(row->c2);
        private readonly Vector<float> _eps = Words.Set(row->eps);
        private readonly Vector<float> _epsIn = Words.Set(row->eps_in);
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
            s.U = Words.Load(_u + i, lanes);
            if (_update.Has(On.Ema))
                s.A = Words.Load(_a + i, lanes);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Compute(Values s)
        {
            s.G = _update.Gradient(s.G, s.W);
            s.M = Words.Flush(Words.Toward(s.M, _c1, s.G), _flush);
            Vector<float> norm = Words.Abs(s.G);
            if (_update.Has(On.EpsIn))
                norm += _epsIn;
            s.U = Words.Flush(Words.MaxNonNegative(s.U - _c2 * s.U, norm), _flush);
            s.W = _update.Weight(s.W, _update.Numerator(s.M, s.G) / (s.U + _eps));
            if (_update.Has(On.Ema))
                s.A = Words.Toward(s.A, _ema, s.W);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Values s, nuint lanes)
        {
            Words.Store(_w + i, s.W, lanes);
            Words.Store(_m + i, s.M, lanes);
            Words.Store(_u + i, s.U, lanes);
            if (_update.Has(On.Ema))
                Words.Store(_a + i, s.A, lanes);
            if (_update.Has(On.ZeroGrad))
                Words.Store(_g + i, Vector<float>.Zero, lanes);
        }
    }
}
