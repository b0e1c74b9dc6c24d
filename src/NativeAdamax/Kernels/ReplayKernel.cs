using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The steps of a tensor's rows with a gradient of zero, one after the other in registers.</summary>
internal readonly unsafe struct ReplayKernel<TKernel, TFamily> : IKernel
    where TKernel : struct, IKernel
    where TFamily : struct, IFamily
{
    public static StreamSet Needs => StreamSet.W | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => TKernel.Uses & StreamSet.X;

    public static StreamSet Reads => Needs | Uses;

    public static StreamSet Writes => Needs | Uses;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end) =>
        Sweep.Run<Block, Elements>(t, row, Uses == StreamSet.None ? On.Nothing : on & On.Max, begin, end);

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block(NaTensor* t, NaScalars* row, On on) : IBlock<Block, Elements>
    {
        private readonly float* _w = t->w, _m = t->m, _v = t->v, _x = t->x;
        private readonly NaScalars* _rows = row;
        private readonly uint _steps = t->steps;
        private readonly On _on = on;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block Create(NaTensor* t, NaScalars* row, On on) => new(t, row, on);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* AlignedStream(NaTensor* t) => t->m;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Elements Load(nuint i, nuint lanes)
        {
            Elements e = default;
            e.W = Words.Load(_w + i, lanes);
            e.M = Words.Load(_m + i, lanes);
            e.V = Words.Load(_v + i, lanes);
            if ((_on & On.Max) != 0)
                e.X = Words.Load(_x + i, lanes);
            return e;
        }

        public Elements Compute(Elements e)
        {
            for (uint step = 0; step < _steps; ++step)
            {
                var k = new Update<Asked>(_rows + step, _on | Options.OfRow(_rows + step));
                e.G = k.Gradient(Vector<float>.Zero, e.W);
                Vector<float> d = TFamily.Direction(in k, ref e);
                k.Move(ref e, d);
            }

            return e;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Elements e, nuint lanes)
        {
            Words.Store(_w + i, e.W, lanes);
            Words.Store(_m + i, e.M, lanes);
            Words.Store(_v + i, e.V, lanes);
            if ((_on & On.Max) != 0)
                Words.Store(_x + i, e.X, lanes);
        }
    }
}
