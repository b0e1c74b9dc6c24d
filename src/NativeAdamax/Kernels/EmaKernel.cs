using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>a = a + ema * (w - a)</summary>
internal readonly unsafe struct EmaKernel : IKernel
{
    public static StreamSet Needs => StreamSet.W | StreamSet.A;

    public static StreamSet Uses => StreamSet.None;

    public static StreamSet Reads => Needs;

    public static StreamSet Writes => StreamSet.A;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end) =>
        Sweep.Run<Block, Values>(t, row, on, begin, end);

    private struct Values
    {
        public Vector<float> W, A;
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Block(NaTensor* t, NaScalars* row) : IBlock<Block, Values>
    {
        private readonly float* _w = t->w, _a = t->a;
        private readonly Vector<float> _ema = Words.Set(row->ema);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Block Create(NaTensor* t, NaScalars* row, On on) => new(t, row);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* AlignedStream(NaTensor* t) => t->a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Load(nuint i, nuint lanes)
        {
            Values s;
            s.W = Words.Load(_w + i, lanes);
            s.A = Words.Load(_a + i, lanes);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Values Compute(Values s)
        {
            s.A = Words.Toward(s.A, _ema, s.W);
            return s;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nuint i, Values s, nuint lanes) => Words.Store(_a + i, s.A, lanes);
    }
}
