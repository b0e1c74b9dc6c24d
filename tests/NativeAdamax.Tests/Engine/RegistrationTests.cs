using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>What an optimizer cannot work with is refused when it is made, by a message that names it.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void AParameterRegisteredTwiceIsRefused()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient(10, 2);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Adam([first, second, first]));
        Assert.Contains(first.Name, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            new Adam([new ParameterGroup([first]), new ParameterGroup([second, first])]));
        Assert.Throws<ArgumentException>(() => new WeightEma([second, second]));
        AssertStillGood(first, second);
    }

    [Fact]
    public void ParametersThatShareMemoryAreRefused()
    {
        float[] memory = new float[30];
        using Parameter first = Parameter.Over(memory.AsMemory(0, 10), name: "first");
        using Parameter overlapping = Parameter.Over(memory.AsMemory(9, 10), name: "overlapping");
        using Parameter beside = Parameter.Over(memory.AsMemory(10, 10), name: "beside");
        using Parameter within = Parameter.Over(memory.AsMemory(2, 3), name: "within");
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Adam([overlapping, first]));
        Assert.Contains("first and overlapping", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Adam([first, beside, within]));
        Assert.Throws<ArgumentException>(() => new WeightEma([first, within]));
        new Adam([beside, first]).Dispose();
    }

    [Fact]
    public void AGroupInheritsWhatItDoesNotSay()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient();
        AdamWOptions all = new()
        {
            LearningRate = 0.1,
            Beta1 = 0.5,
            WeightDecay = 0.25,
            Epsilon = 1e-3,
            ClipValue = 0.125,
            AdaptiveEpsilon = true,
        };
        using AdamW grouped = new(
            [new ParameterGroup([first], new AdamWOptions { Beta1 = 0.5 }), new ParameterGroup([second])], all);
        grouped.Step();
        Bits.AssertEqual(second.Weights, first.Weights, "weights");
        Bits.AssertEqual(grouped.State(second).FirstMoment, grouped.State(first).FirstMoment, "m");
    }

    [Fact]
    public void AMissingOrEmptyListIsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Adamax((IEnumerable<Parameter>)null!));
        Assert.Throws<ArgumentNullException>(() => new Adamax((IEnumerable<ParameterGroup>)null!));
        Assert.Throws<ArgumentException>(() => new Adamax(Array.Empty<Parameter>()));
        Assert.Throws<ArgumentException>(() => new Adamax(Array.Empty<ParameterGroup>()));
        Assert.Throws<ArgumentNullException>(() => new ParameterGroup(null!));
        Assert.Throws<ArgumentException>(() => new ParameterGroup([]));
        Assert.Throws<ArgumentException>(() => new WeightEma([]));
        Assert.Throws<ArgumentNullException>(() => new WeightEma(null!));
    }

    [Fact]
    public void ANullAmongTheParametersIsRefused()
    {
        using Parameter parameter = Make.WithGradient();
        Assert.Throws<ArgumentException>(() => new Nadam([parameter, null!]));
        Assert.Throws<ArgumentException>(() => new Nadam([new ParameterGroup([parameter]), null!]));
        Assert.Throws<ArgumentException>(() => new ParameterGroup([null!]));
        Assert.Throws<ArgumentException>(() => new WeightEma([null!]));
        AssertStillGood(parameter);
    }

    [Fact]
    public void ADisposedParameterIsRefused()
    {
        using Parameter alive = Make.WithGradient();
        Parameter gone = Make.WithGradient();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new AdamW([alive, gone]));
        Assert.Throws<ObjectDisposedException>(() => new WeightEma([gone]));
        AssertStillGood(alive);
    }

    [Fact]
    public void AGroupWithOptionsOfAnotherKindOrDialectIsRefused()
    {
        using Parameter parameter = Make.WithGradient();
        ArgumentException kind =
            Assert.Throws<ArgumentException>(() => new Adam([new ParameterGroup([parameter], new AdamaxOptions())]));
        Assert.Contains(nameof(AdamaxOptions), kind.Message, StringComparison.Ordinal);
        ArgumentException dialect = Assert.Throws<ArgumentException>(
            () => new Adam([new ParameterGroup([parameter], new AdamOptions { Dialect = Dialect.PyTorch })]));
        Assert.Contains(nameof(Dialect.PyTorch), dialect.Message, StringComparison.Ordinal);
        AssertStillGood(parameter);
    }

    [Fact]
    public void ABackendThatIsNotThereIsRefusedWithThoseThatAre()
    {
        Isa absent = Backend.Available.Any(b => b.Isa == Isa.Neon) ? Isa.Avx2 : Isa.Neon;
        using Parameter parameter = Make.WithGradient();
        AdamaxOptions options = new() { Backend = new BackendSelection(BackendKind.Native, absent) };
        BackendUnavailableException refused =
            Assert.Throws<BackendUnavailableException>(() => new Adamax([parameter], options));
        Assert.Equal(Backend.Available, refused.Available);
        AssertStillGood(parameter);
    }

    [Fact]
    public void AParameterOfAnotherOptimizerHasNoStateHere()
    {
        using Parameter mine = Make.WithGradient(), other = Make.WithGradient(10, 2);
        using Adamax optimizer = new([mine], new AdamaxOptions { Ema = new EmaOptions() });
        optimizer.Step();
        ArgumentException refused = Assert.Throws<ArgumentException>(() => { optimizer.State(other); });
        Assert.Contains(other.Name, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { optimizer.Ema!.Average(other); });
        Assert.Throws<ArgumentNullException>(() => { optimizer.State(null!); });
    }

    [Fact]
    public void GroupsKeepTheirOrderAndTheirOptions()
    {
        using Parameter a = Make.WithGradient(), b = Make.WithGradient(5, 2), c = Make.WithGradient(7, 3);
        ParameterGroup[] groups = [new([c]), new([a, b], new AdamWOptions { WeightDecay = 0 })];
        using AdamW optimizer = new(groups, new AdamWOptions { WeightDecay = 0.5, LearningRate = 0.1 });
        Assert.Equal([c, a, b], optimizer.Parameters);
        Assert.Equal(groups, optimizer.Groups);

        // Without a gradient that moves them, only decay changes the weights.
        foreach (Parameter parameter in optimizer.Parameters)
            parameter.Gradient.Clear();
        float[] before = a.Weights.ToArray(), decayed = c.Weights.ToArray();
        optimizer.Step();
        Bits.AssertEqual(before, a.Weights, "weights of the group without decay");
        for (int i = 0; i < decayed.Length; i++)
            Assert.Equal(decayed[i] * 0.95f, c.Weights[i], 1e-6f);
    }

    private static void AssertStillGood(params Parameter[] parameters)
    {
        float[][] before = [.. parameters.Select(p => p.Weights.ToArray())];
        Assert.Equal([.. parameters.Select((_, k) => Training.Numbers((uint)k + 1, 10))], before);
        using Adamax optimizer = new(parameters);
        Assert.Equal(parameters.Length, optimizer.Step().TensorsUpdated);
    }
}
