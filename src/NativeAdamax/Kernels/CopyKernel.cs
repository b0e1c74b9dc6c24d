using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>w = g, bit for bit</summary>
internal readonly unsafe struct CopyKernel : IKernel
{
    public static StreamSet Needs => StreamSet.W | StreamSet.G;

    public static StreamSet Uses => StreamSet.None;

    public static StreamSet Reads => StreamSet.G;

    public static StreamSet Writes => StreamSet.W;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end) =>
        Sweep.Run<Block, Values>(t, row, on, begin, end);

    private struct Values
    {
        public Vector<float> G;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block(NaTensor* t) : IBlock<Block, Values>
    {
        private readonly float* _w = t->w, _g = t->g;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block Create(NaTensor* t, NaScalars* row, On on) => new(t);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* AlignedStream(NaTensor* t) => t->w;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Load(nuint i, nuint lanes)
        {
            Values s;
            s.G = Words.Load(_g + i, lanes);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Compute(Values s) => s;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Values s, nuint lanes) => Words.Store(_w + i, s.G, lanes);
    }
}
