using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>Averages of weights of any kind, kept in any format: exchanged and given back without a bit lost.</summary>
public sealed class ReducedAverageTests
{
    private const int Length = 500;

    public static TheoryData<WeightKind, StateFormat> Cases
    {
        get
        {
            TheoryData<WeightKind, StateFormat> cases = [];
            foreach (WeightKind weights in Enum.GetValues<WeightKind>())
            {
                foreach (StateFormat format in new[] { StateFormat.Float32, StateFormat.BFloat16, StateFormat.BFloat16Random })
                    cases.Add(weights, format);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ASwapShowsTheAverageAndGivesEverythingBack(WeightKind weights, StateFormat format)
    {
        AdamOptions options = new()
        {
            Dialect = Dialect.PyTorch,
            LearningRate = 0.01,
            Ema = new EmaOptions { Momentum = 0.9 },
            Precision = new StatePrecision { Average = format },
        };
        using ReducedRun run = new(options, weights, GradientKind.BFloat16, [Length, 3]);
        run.Call(5);
        Parameter w = run.Parameters[0];
        byte[] saved = run.Save(), model = ReducedRun.ModelBytes(w);
        float[] average = new float[Length];
        run.Optimizer.Ema!.CopyAverageTo(w, average);
        using (run.Optimizer.Ema.Swap())
        {
            float[] shown = ReducedRun.WeightsOf(w), rounded = new float[Length];
            using Parameter same = ReducedRun.Make(weights, new float[Length]);
            same.CopyWeightsFrom(average);
            Bits.AssertEqual(ReducedRun.WeightsOf(same), shown, "weights inside a swap");
            Assert.Equal(ReducedRun.ModelBytes(same), ReducedRun.ModelBytes(w));
            Assert.Throws<InvalidOperationException>(() => run.Optimizer.Step());
        }

        Assert.Equal(model, ReducedRun.ModelBytes(w));
        Assert.Equal(saved, run.Save());

        run.Optimizer.Ema.CopyToWeights();
        using Parameter final = ReducedRun.Make(weights, new float[Length]);
        final.CopyWeightsFrom(average);
        Bits.AssertEqual(ReducedRun.WeightsOf(final), ReducedRun.WeightsOf(w), "weights after the copy");
        Assert.Equal(ReducedRun.ModelBytes(final), ReducedRun.ModelBytes(w));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WeightsAreNotSetInsideASwapWhichWouldUndoIt(WeightKind weights, StateFormat format)
    {
        AdamOptions options = new()
        {
            Ema = new EmaOptions { Momentum = 0.9 },
            Precision = new StatePrecision { Average = format },
        };
        using ReducedRun run = new(options, weights, GradientKind.Float32, [Length]);
        run.Call(3);
        Parameter w = run.Parameters[0];
        byte[] saved = run.Save();
        float[] numbers = Training.Numbers(7, Length);
        using (run.Optimizer.Ema!.Swap())
        {
            float[] average = ReducedRun.WeightsOf(w);
            byte[] model = ReducedRun.ModelBytes(w);
            foreach (Action act in new Action[] { () => w.CopyWeightsFrom(numbers), w.ReadModelWeights })
                Assert.Contains("w0 holds its average", Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);
            Bits.AssertEqual(average, ReducedRun.WeightsOf(w), "weights inside a swap");
            Assert.Equal(model, ReducedRun.ModelBytes(w));
        }

        Assert.Equal(saved, run.Save());
        w.CopyWeightsFrom(numbers);
        w.ReadModelWeights();
        Assert.NotEqual(saved, run.Save());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnAverageOfItsOwnIsThatOfAnOptimizer(WeightKind weights, StateFormat format)
    {
        StatePrecision precision = new() { Average = format };
        using Parameter w = ReducedRun.Make(weights, Training.Numbers(1, Length));
        using WeightEma ema = new([w], new EmaOptions { Momentum = 0.75 }, precision: precision);
        float[] expected = new float[Length], average = new float[Length];
        for (uint i = 0; i < 4; i++)
        {
            w.CopyWeightsFrom(Training.Numbers(i + 2, Length));
            ema.Update();
            float[] now = ReducedRun.WeightsOf(w);
            for (int k = 0; k < Length; k++)
                expected[k] = i == 0 ? now[k] : expected[k] + 0.25f * (now[k] - expected[k]);
        }

        ema.CopyAverageTo(w, average);
        double bound = format == StateFormat.Float32 ? 0 : 0.02;
        for (int k = 0; k < Length; k++)
            Assert.Equal(expected[k], average[k], bound);
    }

    /// <summary>What the random one is for: one rounded to nearest stops where its moves are below half a unit.</summary>
    [Theory]
    [InlineData(StateFormat.BFloat16, false)]
    [InlineData(StateFormat.BFloat16Random, true)]
    public void AnAverageRoundedToNearestSticksAndOneRoundedAtRandomDoesNot(StateFormat format, bool moves)
    {
        using Parameter w = Parameter.Create(new float[2000]);
        using WeightEma ema = new([w], new EmaOptions { Momentum = 0.999 }, precision: new() { Average = format });
        w.Weights.Fill(1);
        ema.Update();
        w.Weights.Fill(1.5f);
        for (int i = 0; i < 1000; i++)
            ema.Update();
        float[] average = new float[2000];
        ema.CopyAverageTo(w, average);
        double expected = 1.5 - 0.5 * Math.Pow(0.999, 1000);
        Assert.Equal(moves ? expected : 1, average.Average(a => (double)a), 0.01);
    }
}
