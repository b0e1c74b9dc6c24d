using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.Keras;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

public sealed class StateMappingTests
{
    private static readonly Dictionary<string, OptimizerOptions> Kinds = new()
    {
        ["Adam"] = new AdamOptions(),
        ["AMSGrad"] = new AdamOptions { AmsGrad = true, Dialect = Dialect.PyTorch },
        ["AdamW"] = new AdamWOptions { Ema = new EmaOptions() },
        ["Adamax"] = new AdamaxOptions { WeightDecay = 0.1, AccumulationSteps = 2 },
        ["Nadam"] = new NadamOptions { Maximize = true },
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ARunGoesOnFromAFileInKerassOrder(string name)
    {
        using Run whole = new(Kinds[name]), first = new(Kinds[name]), second = new(Kinds[name]);
        whole.Train(1, 15);
        first.Train(1, 7);
        string path = Path.GetTempFileName();
        try
        {
            KerasState.Write(first.Optimizer, path);
            second.CopyWeights(first);
            KerasState.Read(second.Optimizer, path);
        }
        finally
        {
            File.Delete(path);
        }

        second.Train(8, 15);

        // Keras keeps rates and products in float32; a rate of a quarter is one.
        whole.AssertNear(second, Kinds[name] is NadamOptions ? 2e-6 : 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ARunGoesOnFromArraysUnderPyTorchsKeys(string name)
    {
        OptimizerOptions options = Kinds[name] with { AccumulationSteps = null, Ema = null };
        using Run whole = new(options), first = new(options), second = new(options);
        whole.Train(1, 15);
        first.Train(1, 7);
        MemoryStream file = new();
        NumPyArchive.Write(file, PyTorchState.ToArrays(PyTorchState.Of(first.Optimizer)));
        file.Position = 0;
        second.CopyWeights(first);
        PyTorchState.Load(second.Optimizer, PyTorchState.FromArrays(NumPyArchive.Read(file)));
        second.Train(8, 15);
        whole.AssertNear(second, 0);
    }

    [Fact]
    public void KerassOrderIsThatOfItsVariables()
    {
        using KerasOptimizer keras = new(new AdamOptions { AmsGrad = true, Ema = new EmaOptions() });
        keras.Build([Make.Weights(3, 1), Make.Weights(2, 2)]);
        keras.Apply([[1f, 2, 3], [4f, 5]]);
        IReadOnlyList<PlainArray> arrays = KerasState.Of(keras.Inner);
        Assert.Equal(keras.Variables.Count, arrays.Count);
        Assert.Equal(10, arrays.Count);
        Assert.Equal((ElementType.Int64, 1.0), (arrays[0].Type, arrays[0].ToNumber()));
        Assert.Equal((ElementType.Single, 0.001f), (arrays[1].Type, arrays[1].Values<float>()[0]));
        for (int i = 2; i < arrays.Count; i++)
            Assert.Equal(keras.Variables[i].Value.AsArray(), arrays[i].ToSingles());
    }

    [Fact]
    public void ADictionaryComesBackFromItsArrays()
    {
        StateDict saved = PyTorchFile.ReadStateDict(Saved.Path(Saved.Optimizer));
        IReadOnlyList<KeyValuePair<string, PlainArray>> arrays = PyTorchState.ToArrays(saved);
        Assert.Equal("state.0.step", arrays[0].Key);
        Assert.DoesNotContain(arrays, a => a.Key == "param_groups.0.foreach");
        StateDict back = PyTorchState.FromArrays(arrays.ToDictionary());
        Assert.Equal(saved.State.Keys, back.State.Keys);
        foreach ((int number, IReadOnlyDictionary<string, object?> state) in saved.State)
            Assert.Equal(state, back.State[number]);
        Assert.Equal(saved.ParamGroups[0].Where(e => e.Value is not null), back.ParamGroups[0]);
    }

    private static readonly Dictionary<string, (string Words, string Name, PlainArray Array)> WrongArrays = new()
    {
        ["name"] = ("moments is no name", "moments", PlainArray.Of([1f])),
        ["number"] = ("state.x.step is no name", "state.x.step", PlainArray.Of([1f])),
        ["zeros"] = ("state.00.step is no name", "state.00.step", PlainArray.Of([1f])),
        ["step"] = ("state.0.step has 2 elements", "state.0.step", PlainArray.Of([1f, 2])),
        ["flag"] = ("neither 0 nor 1", "param_groups.0.maximize", PlainArray.Of([2], [])),
        ["params"] = ("-1, which is no number", "param_groups.0.params", PlainArray.Of([-1L])),
        ["betas"] = ("betas is of type Single", "param_groups.0.betas", PlainArray.Of([0.9f, 0.99f])),
        ["gap"] = ("have a gap", "param_groups.1.lr", PlainArray.Of([0.9], [])),
    };

    public static TheoryData<string> WrongArrayNames => [.. WrongArrays.Keys];

    [Theory]
    [MemberData(nameof(WrongArrayNames))]
    public void ArraysThatAreNoDictionaryAreRefusedByName(string name) => Assert.Contains(
        WrongArrays[name].Words,
        Assert.Throws<ArgumentException>(() => PyTorchState.FromArrays(
            new Dictionary<string, PlainArray> { [WrongArrays[name].Name] = WrongArrays[name].Array })).Message,
        StringComparison.Ordinal);

    private static readonly Dictionary<string, (string Words, Change Of)> WrongVariables = new()
    {
        ["number"] = ("7 arrays for 6 variables: iteration, learning_rate, a_momentum, a_norm", a => [.. a, a[0]]),
        ["kind"] = ("iteration is of kind Integer; the array is of type Single", a =>
            With(a, 0, PlainArray.Of([1f], []))),
        ["integer"] = ("a_momentum is of kind Array; the array is of type Int32", a =>
            With(a, 2, PlainArray.Of(new int[9]))),
        ["length"] = ("a_norm has 9 elements, the array 8", a => With(a, 3, PlainArray.Of(new float[8]))),
        ["iteration"] = ("iteration", a => With(a, 0, PlainArray.Of([-1L], []))),
        ["rate"] = ("learning_rate", a => With(a, 1, PlainArray.Of([-1f], []))),
    };

    public static TheoryData<string> WrongVariableNames => [.. WrongVariables.Keys];

    [Theory]
    [MemberData(nameof(WrongVariableNames))]
    public void VariablesThatDoNotFitAreRefusedAndNothingChanges(string name)
    {
        using Run run = new(new AdamaxOptions());
        run.Train(1, 3);
        PlainArray[] arrays = WrongVariables[name].Of([.. KerasState.Of(run.Optimizer)]);
        run.Train(4, 4);
        Make.Snapshot before = Make.Snap(run.Optimizer);
        Assert.Contains(WrongVariables[name].Words, Assert.ThrowsAny<ArgumentException>(
            () => KerasState.Load(run.Optimizer, arrays)).Message, StringComparison.Ordinal);
        before.AssertUnchanged(run.Optimizer);
    }

    [Fact]
    public void AProductBeyondOneIsRefusedAndNothingChanges()
    {
        using Run run = new(new NadamOptions());
        PlainArray[] arrays = [.. KerasState.Of(run.Optimizer)];
        run.Train(1, 4);
        Make.Snapshot before = Make.Snap(run.Optimizer);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => KerasState.Load(run.Optimizer, With(arrays, arrays.Length - 1, PlainArray.Of([1.5f], []))));
        before.AssertUnchanged(run.Optimizer);
    }

    [Fact]
    public void CountsThatDifferHaveNoPlaceInKerassOrder()
    {
        using Run run = new(new AdamOptions { Dialect = Dialect.PyTorch });
        run.Train(1, 2);
        run.Parameters[1].ClearGradient();
        run.Optimizer.Step();
        Assert.Contains("b has had 2 updates, the optimizer 3", Assert.Throws<InvalidOperationException>(
            () => KerasState.Of(run.Optimizer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADictionaryOfOtherParametersIsRefusedAndNothingChanges()
    {
        using Run run = new(new AdamaxOptions());
        run.Train(1, 2);
        Make.Snapshot before = Make.Snap(run.Optimizer);
        StateDict saved = PyTorchFile.ReadStateDict(Saved.Path(Saved.Optimizer));
        Assert.Contains("4 parameters in the state dictionary and 2 here", Assert.Throws<ArgumentException>(
            () => PyTorchState.Load(run.Optimizer, saved)).Message, StringComparison.Ordinal);
        StateDict cut = saved with { ParamGroups = [new Dictionary<string, object?> { ["params"] = (int[])[0, 1] }] };
        Assert.Contains("has 1 elements instead of 9", Assert.Throws<ArgumentException>(
            () => PyTorchState.Load(run.Optimizer, cut)).Message, StringComparison.Ordinal);
        Assert.Contains("Group 0 has no params", Assert.Throws<ArgumentException>(() => PyTorchState.Load(
            run.Optimizer, saved with { ParamGroups = [new Dictionary<string, object?>()] })).Message,
                StringComparison.Ordinal);
        before.AssertUnchanged(run.Optimizer);
    }

    [Fact]
    public void CallsThatCannotBeCountedAreRefusedAndNothingChanges()
    {
        using Run scheduled = new(new AdamaxOptions { AccumulationSchedule = step => 2 });
        StateDict saved = PyTorchState.Of(scheduled.Optimizer);
        Assert.Contains("a function says how many", Assert.Throws<ArgumentException>(
            () => PyTorchState.Load(scheduled.Optimizer, saved)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => KerasState.Of(scheduled.Optimizer));
        Assert.Throws<InvalidOperationException>(() => KerasState.Load(scheduled.Optimizer, []));

        using Run run = new(new AdamaxOptions { AccumulationSteps = 4 });
        run.Train(1, 4);
        saved = PyTorchState.Of(run.Optimizer);
        Dictionary<string, object?> endless = new(saved.State[0]) { ["step"] = 2e18 };
        Make.Snapshot before = Make.Snap(run.Optimizer);
        Assert.Contains("more calls than 2^62", Assert.Throws<ArgumentException>(() => PyTorchState.Load(
            run.Optimizer,
            saved with { State = new Dictionary<int, IReadOnlyDictionary<string, object?>> { [0] = endless } })).Message,
            StringComparison.Ordinal);
        before.AssertUnchanged(run.Optimizer);
        PyTorchState.Load(run.Optimizer, saved);
        Assert.Equal((1, 4), (run.Optimizer.StepCount, run.Optimizer.CallCount));
    }

    private static PlainArray[] With(PlainArray[] arrays, int at, PlainArray array) =>
        [.. arrays[..at], array, .. arrays[(at + 1)..]];

    private delegate PlainArray[] Change(PlainArray[] arrays);

    /// <summary>Two parameters, trained on given gradients.</summary>
    private sealed class Run : IDisposable
    {
        public Run(OptimizerOptions options) => Optimizer = options with { LearningRate = 0.25 } switch
        {
            AdamOptions adam => new Adam(Parameters, adam),
            AdamWOptions adamW => new AdamW(Parameters, adamW),
            AdamaxOptions adamax => new Adamax(Parameters, adamax),
            OptimizerOptions nadam => new Nadam(Parameters, (NadamOptions)nadam),
        };

        public Parameter[] Parameters { get; } =
            [Parameter.Create(Training.Numbers(1, 9), "a"), Parameter.Create(Training.Numbers(2, 40), "b")];

        public Optimizer Optimizer { get; }

        public void Train(int from, int to)
        {
            for (int step = from; step <= to; step++)
            {
                foreach (Parameter parameter in Parameters)
                    parameter.CopyGradient(Training.Numbers((uint)step, (int)parameter.Length));
                Optimizer.Step();
            }
        }

        public void CopyWeights(Run from)
        {
            for (int k = 0; k < Parameters.Length; k++)
                from.Parameters[k].Weights.CopyTo(Parameters[k].Weights);
        }

        public void AssertNear(Run other, double relative)
        {
            Assert.Equal(Optimizer.StepCount, other.Optimizer.StepCount);
            for (int k = 0; k < Parameters.Length; k++)
            {
                if (relative == 0)
                    Bits.AssertEqual(Parameters[k].Weights, other.Parameters[k].Weights, Parameters[k].Name);
                for (int i = 0; i < Parameters[k].Length; i++)
                {
                    float expected = Parameters[k].Weights[i];
                    Assert.Equal(expected, other.Parameters[k].Weights[i], relative * Math.Max(1, Math.Abs(expected)));
                }
            }
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            foreach (Parameter parameter in Parameters)
                parameter.Dispose();
        }
    }
}
