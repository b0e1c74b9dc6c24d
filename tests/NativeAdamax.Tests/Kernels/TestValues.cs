namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// A reproducible run of values for every stream: as in training, or with every kind of special among them.
/// </summary>
internal sealed class TestValues
{
    private static readonly uint[] SpecialBits =
    [
        0x00000000, 0x80000000, // zeros
        0x00000001, 0x80000001, 0x007fffff, 0x807fffff, // denormals
        0x00800000, 0x80800000, 0x00800001, 0x01000000, // at and above the smallest normal number
        0x7f7fffff, 0xff7fffff, 0x5f800000, 0x60000000, // huge: the squares overflow
        0x7f800000, 0xff800000, // infinities
        0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, // NaN: quiet, signalling, of either sign
        0x3f800000, 0xbf800000, 0x1e3ce508, 0x9e3ce508, // ones, and numbers whose squares are denormal
    ];

    private readonly float[][] _streams = new float[StreamBuffers.StreamCount][];

    private TestValues(int count, int seed, bool specials)
    {
        Random random = new(seed);
        for (int i = 0; i < _streams.Length; ++i)
        {
            _streams[i] = new float[count];
            for (int j = 0; j < count; ++j)
            {
                float x = specials && random.Next(3) == 0 ? Special(random) : Ordinary(random, i);
                _streams[i][j] = IsNeverNegative(i) ? float.Abs(x) : x;
            }
        }
    }

    public static TestValues Training(int count, int seed = 1) => new(count, seed, specials: false);

    public static TestValues Specials(int count, int seed = 2) => new(count, seed, specials: true);

    public void CopyTo(Span<float> destination, int stream) =>
        _streams[stream].AsSpan(0, destination.Length).CopyTo(destination);

    private static float Special(Random random) =>
        BitConverter.UInt32BitsToSingle(SpecialBits[random.Next(SpecialBits.Length)]);

    private static float Ordinary(Random random, int stream)
    {
        float x = (random.NextSingle() - 0.5f) * float.Exp2(random.Next(-8, 3));
        return IsNeverNegative(stream) ? x * x : x;
    }

    /// <summary>Second moment or norm, and AMSGrad's maximum.</summary>
    private static bool IsNeverNegative(int stream) => stream is 3 or 4;
}
