using Microsoft.Extensions.Logging;
using NativeAdamax.Schedules.Keras;

namespace NativeAdamax.Tests;

/// <summary>What is allowed but seldom meant is said once to the user's logger.</summary>
public sealed class TrapWarningTests
{
    [Fact]
    public void AnEpsilonOfZeroIsWarnedOf() => AssertWarns("epsilon 0", new AdamOptions { Epsilon = 0 });

    [Theory]
    [InlineData(Dialect.Keras, 1, true)]
    [InlineData(Dialect.TfKeras, 2, true)]
    [InlineData(Dialect.Keras, 0.5, false)]
    [InlineData(Dialect.PyTorch, 1, false)]
    public void AScheduleFromAWholeNumberIsWarnedOfWhereTheSystemWouldCutItToIntegers(
        Dialect dialect, double initial, bool warns)
    {
        AdamOptions options = new() { Dialect = dialect, LearningRate = new ExponentialDecay(initial, 10, 0.5) };
        if (warns)
            AssertWarns("ExponentialDecay", options);
        else
            Assert.Empty(Warnings(options, [1f]));
    }

    [Theory]
    [InlineData(Dialect.Keras, 0.0, true)]
    [InlineData(Dialect.Keras, null, false)]
    [InlineData(Dialect.Keras, 0.1, false)]
    [InlineData(Dialect.MXNet, null, true)]
    [InlineData(Dialect.PyTorch, 0.0, false)]
    public void AnInfiniteWeightIsWarnedOfWhereTheSystemWouldMultiplyItByZero(Dialect dialect, double? decay, bool warns)
    {
        AdamOptions options = new() { Dialect = dialect, WeightDecay = decay };
        float[] weights = [1, 2, float.PositiveInfinity, 3];
        string[] all = Warnings(options, weights);
        Assert.Equal(warns ? 1 : 0, all.Length);
        Assert.All(all, w => Assert.StartsWith("Weight 2 of parameter kernel", w, StringComparison.Ordinal));
        Assert.Empty(Warnings(options, [1f, 2f]));
    }

    [Fact]
    public void AGroupThatJoinsIsLookedAtAndTheOthersNotAgain()
    {
        ListLogger log = new();
        using Parameter first = Parameter.Create([1f]), second = Parameter.Create([1f]);
        using Adam optimizer = new([first], new AdamOptions { Epsilon = 0, Logger = log });
        optimizer.AddGroup(new ParameterGroup([second]));
        Assert.Equal(["Group 0 has epsilon 0", "Group 1 has epsilon 0"], log.Said.Select(s => s[..21]));
    }

    [Fact]
    public void ALoggerThatDoesNotListenIsNotTold()
    {
        ListLogger log = new() { Least = LogLevel.Error };
        using Parameter parameter = Parameter.Create([float.NaN]);
        using Adam optimizer = new([parameter], new AdamOptions { Dialect = Dialect.MXNet, Epsilon = 0, Logger = log });
        Assert.Empty(log.Said);
    }

    private static void AssertWarns(string part, AdamOptions options) =>
        Assert.Contains(part, Assert.Single(Warnings(options, [1f])), StringComparison.Ordinal);

    private static string[] Warnings(AdamOptions options, float[] weights)
    {
        ListLogger log = new();
        using Parameter parameter = Parameter.Create(weights, "kernel");
        using Adam optimizer = new([parameter], options with { Logger = log });
        return [.. log.Said];
    }

    internal sealed class ListLogger : ILogger
    {
        public List<string> Said { get; } = [];

        public LogLevel Least { get; init; } = LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception));
    }
}
