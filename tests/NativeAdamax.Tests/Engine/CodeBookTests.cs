using NativeAdamax.Engine;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Kernels;

namespace NativeAdamax.Tests.Engine;

public sealed unsafe class CodeBookTests
{
    public static TheoryData<string> Names => ["signed8", "unsigned8", "signed4"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesAndThresholdsRiseInTurn(string name)
    {
        CodeBook book = Book(name);
        Assert.Equal(name == "signed4" ? 16 : 256, book.Values.Length);
        Assert.Equal(book.Values.Length - 1, book.Thresholds.Length);
        for (int code = 0; code < book.Thresholds.Length; ++code)
        {
            Assert.True(book.Values[code] < book.Thresholds[code], $"value {code}");
            Assert.True(book.Thresholds[code] <= book.Values[code + 1], $"threshold {code}");
        }
    }

    /// <summary>Of a decade below 10^-k: the middles of 2^i parts of a tenth of it to it, i smaller by one each time.</summary>
    [Theory]
    [InlineData("signed8", 7, 1, true)]
    [InlineData("unsigned8", 7, 2, false)]
    [InlineData("signed4", 3, 1, true)]
    public void ValuesAreThoseOfTheDefinition(string name, int levels, int fewest, bool signed)
    {
        List<float> expected = [0, 1];
        for (int level = 0; level < levels; ++level)
        {
            int parts = fewest << level;
            decimal top = 1;
            for (int i = level; i < levels - 1; ++i)
                top /= 10;
            for (int part = 0; part < parts; ++part)
            {
                decimal low = 0.1m + 0.9m * part / parts, high = 0.1m + 0.9m * (part + 1) / parts;
                float middle = (float)(double)(top * (low + high) / 2);
                expected.Add(middle);
                if (signed)
                    expected.Add(-middle);
            }
        }

        expected.Sort();
        Assert.Equal(expected, Book(name).Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ZeroAndOneAreThereAndSignsMirrorTheRest(string name)
    {
        ReadOnlySpan<float> values = Book(name).Values;
        Assert.Equal(1, values[^1]);
        Assert.True(values.Contains(0));
        if (name == "unsigned8")
        {
            Assert.Equal(0, values[0]);
            return;
        }

        Assert.Equal(0, values[values.Length / 2 - 1]);
        for (int code = 0; code < values.Length - 1; ++code)
            Assert.Equal(-values[code], values[values.Length - 2 - code]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryNumberGetsTheNearestCodeAndATieTheSmaller(string name)
    {
        CodeBook book = Book(name);
        for (int code = name == "unsigned8" ? 1 : 0; code < book.Thresholds.Length; ++code)
        {
            double middle = ((double)book.Values[code] + book.Values[code + 1]) / 2;
            float near = (float)middle;
            foreach (float q in new[] { float.BitDecrement(near), near, float.BitIncrement(near) })
                Assert.Equal(q > middle ? code + 1 : code, Code(book, q));
        }

        for (int i = -20_000; i <= 20_000; ++i)
        {
            float q = i / 20_000f;
            Assert.Equal(ScalarFormats.NearestCode(book.Values, q), Code(book, q));
            q *= q * q * q * q;
            Assert.Equal(ScalarFormats.NearestCode(book.Values, q), Code(book, q));
        }
    }

    [Fact]
    public void OnlyZeroGetsTheZeroOfSecondMoments()
    {
        Assert.Equal(0, Code(CodeBook.Unsigned8, 0));
        Assert.Equal(1, Code(CodeBook.Unsigned8, 1.17549435e-38f));
        Assert.Equal(1, Code(CodeBook.Unsigned8, 1e-8f));
    }

    private static int Code(CodeBook book, float q) => book.Values.Length == 16
        ? (int)BookFormats.Codes4(book.Pointer, Words.Set(q))[0]
        : BookFormats.Code8(book.Pointer, q);

    private static CodeBook Book(string name) => name switch
    {
        "signed8" => CodeBook.Signed8,
        "unsigned8" => CodeBook.Unsigned8,
        _ => CodeBook.Signed4,
    };
}
