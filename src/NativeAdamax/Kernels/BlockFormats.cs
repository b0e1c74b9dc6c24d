using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>c = x / 2 / (scale / 2 + |x / 2|) * 254: halves, so that the sum does not overflow.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct SoftsignFormat(byte* codes, float scale) : IFormat
{
    private readonly byte* _codes = codes;
    private readonly Vector<float> _scale = Words.Set(scale), _halfScale = Words.Set(0.5f * scale);

    /// <summary>scale * (c / (254 - |c|))</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Unpack(nuint i, nuint lanes)
    {
        Quad c = BitWords.Load(_codes + i, lanes);
        return new Quad(Number(c.A), Number(c.B), Number(c.C), Number(c.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes) =>
        BitWords.Store(_codes + i, new Quad(Code(x.A), Code(x.B), Code(x.C), Code(x.D)), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<uint> Number(Vector<uint> code)
    {
        Vector<float> c = BitWords.Number(BitWords.SignedByte(code));
        return BitWords.Of(_scale * (c / (Words.Set(254) - Words.Abs(c))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<uint> Code(Vector<uint> bits)
    {
        Vector<float> x = Words.Set(0.5f) * BitWords.Float(bits);
        return BitWords.Nearest(x / (_halfScale + Words.Abs(x)) * Words.Set(254));
    }
}

/// <summary>c = sqrt(|x|) * (255 / sqrt(scale)), at most 255.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct SqrtFormat(byte* codes, float scale) : IFormat
{
    private readonly byte* _codes = codes;
    private readonly Vector<float> _scale = Words.Set(scale), _factor = Words.Set(255 / float.Sqrt(scale));

    /// <summary>scale * (t * t), t = c * (1 / 255)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Unpack(nuint i, nuint lanes)
    {
        Quad c = BitWords.Load(_codes + i, lanes);
        return new Quad(Number(c.A), Number(c.B), Number(c.C), Number(c.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes) =>
        BitWords.Store(_codes + i, new Quad(Code(x.A), Code(x.B), Code(x.C), Code(x.D)), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<uint> Number(Vector<uint> code)
    {
        Vector<float> t = BitWords.Number(code) * Words.Set(1f / 255);
        return BitWords.Of(_scale * (t * t));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<uint> Code(Vector<uint> bits)
    {
        Vector<uint> magnitude = bits & BitWords.Set(BitWords.Magnitude);
        Vector<uint> code = BitWords.Nearest(Words.Sqrt(BitWords.Float(magnitude)) * _factor);
        return Vector.Max(Vector.Min(code, BitWords.Set(255)), Vector.Min(magnitude, BitWords.Set(1)));
    }
}
