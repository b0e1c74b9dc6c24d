using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>s = s + grad_scale * g</summary>
internal readonly unsafe struct AccumulateKernel : IKernel
{
    public static StreamSet Needs => StreamSet.G | StreamSet.S;

    public static StreamSet Uses => StreamSet.None;

    public static StreamSet Reads => Needs;

    public static StreamSet Writes => Needs;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
    {
        on &= On.Scale | On.ZeroGrad;
        switch (on)
        {
            case On.Nothing:
                Sweep.Run<Block<Plain>, Values>(t, row, on, begin, end);
                break;
            case On.ZeroGrad:
                Sweep.Run<Block<ZeroGrad>, Values>(t, row, on, begin, end);
                break;
            default:
                Sweep.Run<Block<Asked>, Values>(t, row, on, begin, end);
                break;
        }
    }

    private struct Values
    {
        public Vector<float> G, S;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block<TOptions>(NaTensor* t, NaScalars* row, On on) : IBlock<Block<TOptions>, Values>
        where TOptions : struct, IOptions
    {
        private readonly float* _g = t->g, _s = t->s;
        private readonly On _on = on;
        private readonly Vector<float> _gradScale = Words.Set(row->grad_scale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block<TOptions> Create(NaTensor* t, NaScalars* row, On on) => new(t, row, on);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* AlignedStream(NaTensor* t) => t->s;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Load(nuint i, nuint lanes)
        {
            Values s;
            s.G = Words.Load(_g + i, lanes);
            s.S = Words.Load(_s + i, lanes);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Compute(Values s)
        {
            s.S += Has(On.Scale) ? _gradScale * s.G : s.G;
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Values s, nuint lanes)
        {
            Words.Store(_s + i, s.S, lanes);
            if (Has(On.ZeroGrad))
                Words.Store(_g + i, Vector<float>.Zero, lanes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool Has(On option) => (TOptions.Select(_on) & option) != 0;
    }
}
