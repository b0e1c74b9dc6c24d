using System.Globalization;
using System.Numerics;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class PhiloxTests
{
    /// <summary>The lines of philox4x32 with 10 rounds in kat_vectors of the Random123 distribution: counter, key, answer.</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void ThePublishedAnswersAreGiven(string line)
    {
        uint[] words = [.. line.Split(' ').Select(w => uint.Parse(w, NumberStyles.HexNumber, null))];
        Assert.Equal(words[6..], ScalarPhilox.Words(words.AsSpan(0, 4), words.AsSpan(4, 2)));

        Philox philox = new(Lane(words[0]), Lane(words[1]), Lane(words[2]), Lane(words[3]));
        for (uint round = 0; round < Philox.Rounds; ++round)
            philox.Round(words[5] * (1ul << 32) + words[4], round);
        uint[] answer = [(uint)philox.W0[0], (uint)philox.W1[0], (uint)philox.W2[0], (uint)philox.W3[0]];
        Assert.Equal(words[6..], answer);
    }

    /// <summary>Every part of the key and of the element's number counts, also above 32 bits.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0xfedcba9876543210, 5, 7, 3, 1)]
    [InlineData(0xfedcba9876543210, 0x9_0000_0005, 0xfffffff7, 8, 0x7ffffff)]
    [InlineData(1, 0xffff_ffff_ffff, 0, 2, 0x8000001)]
    [InlineData(1, 1, 1, 1, 0x7_ffff_ffff)]
    public void ABlocksNumbersAreThoseOfTheHeader(ulong seed, ulong step, ulong tensor, int stream, long block)
    {
        NaPacking key = new() { seed = seed, step = step, tensor = tensor };
        ushort* numbers = stackalloc ushort[NativeMethods.NA_BLOCK];
        RandomNumbers.OfBlock(numbers, &key, stream, (ulong)block);
        for (int j = 0; j < NativeMethods.NA_BLOCK; ++j)
            Assert.Equal(ScalarPhilox.Number(key, stream, block * NativeMethods.NA_BLOCK + j), numbers[j]);
    }

    private static Vector<ulong> Lane(uint word) => Vector.Create<ulong>(word);
}
