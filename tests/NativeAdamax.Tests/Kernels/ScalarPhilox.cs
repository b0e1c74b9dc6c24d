using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>Philox4x32-10 as its paper writes it, one counter at a time, and the header's rule for its halves.</summary>
internal static class ScalarPhilox
{
    public static uint[] Words(ReadOnlySpan<uint> counter, ReadOnlySpan<uint> key)
    {
        uint[] c = counter.ToArray();
        (uint k0, uint k1) = (key[0], key[1]);
        for (int round = 0; round < 10; ++round)
        {
            ulong a = (ulong)c[0] * 0xd2511f53, b = (ulong)c[2] * 0xcd9e8d57;
            c = [(uint)(b >> 32) ^ c[1] ^ k0, (uint)b, (uint)(a >> 32) ^ c[3] ^ k1, (uint)a];
            k0 += 0x9e3779b9;
            k1 += 0xbb67ae85;
        }

        return c;
    }

    /// <summary>The number of 16 bits of an element.</summary>
    public static uint Number(in NaPacking key, int stream, long element)
    {
        ulong counter = (ulong)element / 8, half = (ulong)element % 8;
        uint top = (uint)((uint)stream | counter >> 32 << 8 | key.step >> 32 << 16);
        uint[] words = Words(
            [(uint)counter, (uint)key.step, (uint)key.tensor, top],
            [(uint)key.seed, (uint)(key.seed >> 32)]);
        return half % 2 == 0 ? words[half / 2] & 0xffff : words[half / 2] >> 16;
    }
}
