using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Tests.Demo;

public class NumericsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 7)]
    [InlineData(3, 5, 32)]
    [InlineData(5, 4, 43)]
    [InlineData(4, 9, 71)]
    [InlineData(3, 17, 134)]
    public void A_product_has_the_bits_of_three_plain_loops(int rows, int depth, int columns)
    {
        var random = new Xoshiro256(11);
        float[] a = Numbers(rows * depth, random);
        float[] b = Numbers(depth * columns, random);
        float[] c = Numbers(rows * columns, random);
        float[] expected = [.. c];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k < depth; k++)
                {
                    float product = a[(i * depth) + k] * b[(k * columns) + j];
                    expected[(i * columns) + j] += product;
                }
            }
        }

        Matrix.MultiplyAdd(a, b, c, rows, depth, columns);

        Assert.Equal(
            Array.ConvertAll(expected, BitConverter.SingleToInt32Bits),
            Array.ConvertAll(c, BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void A_product_refuses_a_matrix_of_another_shape()
    {
        float[] six = new float[6];
        Assert.Throws<ArgumentException>("a", () => Matrix.MultiplyAdd(new float[5], six, new float[4], 2, 3, 2));
        Assert.Throws<ArgumentException>("b", () => Matrix.MultiplyAdd(six, new float[7], new float[4], 2, 3, 2));
        Assert.Throws<ArgumentException>("c", () => Matrix.MultiplyAdd(six, six, new float[5], 2, 3, 2));
    }

    [Fact]
    public void A_transposed_matrix_has_rows_for_columns()
    {
        float[] source = Numbers(19 * 37, new Xoshiro256(3));
        float[] target = new float[source.Length];

        Matrix.Transpose(source, target, 19, 37);

        for (int i = 0; i < 19; i++)
        {
            for (int j = 0; j < 37; j++)
                Assert.Equal(source[(i * 37) + j], target[(j * 19) + i]);
        }
    }

    [Fact]
    public void Exponentials_and_logarithms_are_those_of_the_platform_but_for_ulps()
    {
        var random = new Xoshiro256(5);
        for (int i = 0; i < 20_000; i++)
        {
            double x = random.NextDouble(-700, 700);
            Assert.Equal(1, FixedMath.Exp(x) / Math.Exp(x), 1e-15);
            double y = Math.Exp(x);
            Assert.Equal(1, FixedMath.Log(y) / Math.Log(y), 1e-15);
        }

        Assert.Equal(1, FixedMath.Exp(0));
        Assert.Equal(0, FixedMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, FixedMath.Exp(double.PositiveInfinity));
        Assert.True(double.IsNaN(FixedMath.Exp(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>("x", () => FixedMath.Log(0));
    }

    [Fact]
    public void Sines_of_turns_are_those_of_the_platform_but_for_ulps()
    {
        var random = new Xoshiro256(6);
        for (int i = 0; i < 20_000; i++)
        {
            double turns = random.NextDouble(-3, 3);
            Assert.Equal(Math.Sin(2 * Math.PI * turns), FixedMath.SinTurns(turns), 1e-14);
            Assert.Equal(Math.Cos(2 * Math.PI * turns), FixedMath.CosTurns(turns), 1e-14);
        }

        Assert.Equal(20, FixedMath.Decibels(100), 1e-14);
    }

    [Fact]
    public void Random_numbers_are_those_of_the_published_generator()
    {
        // From an implementation of SplitMix64 and xoshiro256** in another language.
        var random = new Xoshiro256(1, 2);

        Assert.Equal(0x8f0e1cd4e34bdd22UL, random.NextUInt64());
        Assert.Equal(0x24445b8b2b2ab560UL, random.NextUInt64());
    }

    [Fact]
    public void A_shuffle_keeps_every_item_and_follows_the_seed()
    {
        int[] items = [.. Enumerable.Range(0, 1000)];
        int[] again = [.. items];

        new Xoshiro256(9).Shuffle<int>(items);
        new Xoshiro256(9).Shuffle<int>(again);

        Assert.Equal(items, again);
        Assert.NotEqual(Enumerable.Range(0, 1000), items);
        Assert.Equal(Enumerable.Range(0, 1000), items.Order());
    }

    private static float[] Numbers(int count, Xoshiro256 random) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-2, 2))];
}
