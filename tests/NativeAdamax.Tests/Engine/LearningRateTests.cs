using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

public sealed class LearningRateTests
{
    [Fact]
    public void ANumberAndAFunctionOfThatNumberStepAlike()
    {
        float[] number = Run(new AdamaxOptions { LearningRate = 0.03 });
        Bits.AssertEqual(number, Run(new AdamaxOptions { LearningRate = LearningRate.From(() => 0.03) }),
            "a function of nothing");
        Bits.AssertEqual(number, Run(new AdamaxOptions { LearningRate = LearningRate.From((long _) => 0.03) }),
            "a function of the step");
        Assert.False(Bits.AreEqual(number, Run(new AdamaxOptions { LearningRate = 0.02 })));
    }

    [Theory]
    [InlineData(Dialect.Keras, 0)]
    [InlineData(Dialect.TfKeras, 0)]
    [InlineData(Dialect.MXNet, 1)]
    [InlineData(Dialect.Optax, 0)]
    [InlineData(Dialect.PyTorch, 0)]
    public void AFunctionIsAskedOnceAStepWithTheCountOfTheDialect(Dialect dialect, long first)
    {
        List<long> asked = [];
        using Parameter parameter = Make.WithGradient();
        AdamOptions options = new()
        {
            Dialect = dialect,
            LearningRate = LearningRate.From(count =>
            {
                asked.Add(count);
                return 0.1 / (count + 1);
            }),
        };
        using Adam optimizer = new([parameter, Make.WithGradient(3, 2)], options);
        for (int step = 0; step < 4; step++)
            Assert.Equal(0.1 / (first + step + 1), optimizer.Step().LearningRate);
        Assert.Equal([first, first + 1, first + 2, first + 3], asked);
        Assert.Equal(0.1 / (first + 5), optimizer.LearningRate);
    }

    [Fact]
    public void ARateChangedWhileTrainingCountsFromTheNextStep()
    {
        int asked = 0;
        using Parameter live = Make.WithGradient(), planned = Make.WithGradient();
        using Nadam changed = new([live], new NadamOptions { LearningRate = 0.1 });
        NadamOptions plan = new() { LearningRate = LearningRate.From(() => asked++ < 2 ? 0.1 : 0.004) };
        using Nadam function = new([planned], plan);
        for (int step = 0; step < 4; step++)
        {
            if (step == 2)
                changed.LearningRate = 0.004;
            changed.Step();
            function.Step();
        }

        Assert.Equal(0.004, changed.LearningRate);
        Bits.AssertEqual(planned.Weights, live.Weights, "weights");
    }

    [Fact]
    public void ARateThatAFunctionRulesCannotBeSet()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter], new AdamOptions { LearningRate = LearningRate.From(() => 0.5) });
        Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 0.1);
        Assert.Equal(0.5, optimizer.LearningRate);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void ABadRateIsRefusedAndChangesNothing(double bad)
    {
        double answer = 0.1;
        using Parameter parameter = Make.WithGradient(), other = Make.WithGradient(5, 2);
        AdamOptions answering = new() { LearningRate = LearningRate.From(() => answer), Ema = new EmaOptions() };
        using Adam function = new([parameter], answering);
        using Adam number = new([other]);
        function.Step();
        Make.Snapshot before = Make.Snap(function);
        float[] average = function.Ema!.Average(parameter).ToArray();
        answer = bad;
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => { function.Step(); });
        Assert.Equal(bad, refused.ActualValue);
        before.AssertUnchanged(function);
        Bits.AssertEqual(average, function.Ema!.Average(parameter), "average");

        refused = Assert.Throws<ArgumentOutOfRangeException>(() => number.LearningRate = bad);
        Assert.Equal(bad, refused.ActualValue);
        Assert.Equal(0.001, number.LearningRate);
    }

    [Fact]
    public void AGradientHandedOverInsideAFunctionIsTheOneThatIsRead()
    {
        // The one before may be unpinned and gone by then.
        using Parameter parameter = Make.WithGradient(), expected = Make.Weights();
        float[] later = Training.Numbers(77, 10);
        AdamaxOptions handing = new()
        {
            LearningRate = LearningRate.From(() =>
            {
                parameter.SetGradient(later);
                return 0.1;
            }),
        };
        using Adamax optimizer = new([parameter], handing),
            plain = new([expected], new AdamaxOptions { LearningRate = 0.1 });
        expected.CopyGradient(later);
        optimizer.Step();
        plain.Step();
        Bits.AssertEqual(expected.Weights, parameter.Weights, "weights");
    }

    [Fact]
    public void AParameterDisposedInsideAFunctionIsNotWritten()
    {
        Parameter gone = Make.WithGradient();
        using Parameter other = Make.WithGradient(10, 2);
        AdamaxOptions disposing = new()
        {
            LearningRate = LearningRate.From(() =>
            {
                gone.Dispose();
                return 0.1;
            }),
        };
        using Adamax optimizer = new([other, gone], disposing);
        float[] before = other.Weights.ToArray();
        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(); });
        Bits.AssertEqual(before, other.Weights, "weights of the other");
        Assert.Equal(0, optimizer.StepCount);
    }

    [Fact]
    public void WhatAFunctionThrowsComesOutAndChangesNothing()
    {
        using Parameter parameter = Make.WithGradient();
        AdamaxOptions throwing = new() { LearningRate = LearningRate.From(() => throw new TimeoutException()) };
        using Adamax optimizer = new([parameter], throwing);
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<TimeoutException>(() => { optimizer.Step(); });
        Assert.Throws<TimeoutException>(() => { optimizer.Step(new float[10]); });
        before.AssertUnchanged(optimizer);
    }

    [Fact]
    public void AGroupWithARateOfItsOwnKeepsIt()
    {
        using Parameter own = Make.WithGradient(), shared = Make.WithGradient();
        ParameterGroup[] groups = [new([shared]), new([own], new AdamaxOptions { LearningRate = 0.25 })];
        using Adamax optimizer = new(groups, new AdamaxOptions { LearningRate = 0.5 });
        optimizer.LearningRate = 0;
        float[] before = shared.Weights.ToArray();
        optimizer.Step();
        Bits.AssertEqual(before, shared.Weights, "weights at rate 0");
        Assert.False(Bits.AreEqual(before, own.Weights));
    }

    private static float[] Run(AdamaxOptions options)
    {
        using Parameter parameter = Make.WithGradient();
        using Adamax optimizer = new([parameter], options);
        for (int step = 0; step < 5; step++)
            optimizer.Step();
        return parameter.Weights.ToArray();
    }
}
