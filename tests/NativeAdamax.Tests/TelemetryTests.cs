using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace NativeAdamax.Tests;

/// <summary>What the meter tells those who listen.</summary>
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests
{
    [Fact]
    public void TheMeterTellsOfUpdatesOfSkippedStepsAndOfNorms()
    {
        Dictionary<string, List<double>> told = [];
        using MeterListener listener = Listen(told);
        using Parameter parameter = Parameter.Create(7);
        using Adam optimizer = new([parameter], new AdamOptions { SkipNonFinite = true });
        parameter.Gradient.Fill(2);
        optimizer.Step();
        parameter.Gradient[3] = float.NaN;
        optimizer.Step();
        parameter.Gradient.Fill(1);
        optimizer.Step(parameter.Gradient);
        lock (told)
        {
            Assert.Equal([1, 1], told["nativeadamax.steps"]);
            Assert.Equal([7, 7], told["nativeadamax.parameters"]);
            Assert.Equal([1], told["nativeadamax.steps.skipped"]);
            Assert.Equal(3, told["nativeadamax.step.duration"].Count(s => s is > 0 and < 60));
            Assert.Equal(
                [Math.Sqrt(28), Math.Sqrt(7)], told["nativeadamax.gradient.norm"].Where(double.IsFinite));
        }
    }

    [Fact]
    public void AStepThatTakesGradientsAsTheyComeIsToldOfOnce()
    {
        Dictionary<string, List<double>> told = [];
        using MeterListener listener = Listen(told);
        using Parameter first = Parameter.Create(5), second = Parameter.Create(11);
        using Adam optimizer = new([first, second]);
        using (OpenStep step = optimizer.StepAsTheyCome())
            step.Update(second);
        lock (told)
        {
            Assert.Equal([1], told["nativeadamax.steps"]);
            Assert.Equal([11], told["nativeadamax.parameters"]);
            Assert.Single(told["nativeadamax.step.duration"]);
        }
    }

    [Fact]
    public void TheEventSourceTellsWhereCallsBeginAndEnd()
    {
        using Told told = new();
        using Parameter parameter = Parameter.Create(7);
        using Adam optimizer = new([parameter], new AdamOptions { SkipNonFinite = true });
        optimizer.Step();
        parameter.Gradient[3] = float.NaN;
        optimizer.Step();
        Assert.Equal(["StepStart", "StepStop 1 0 7", "StepStart", "StepStop 0 1 0"], told.Events);
    }

    [Fact]
    public void AnOpenStepThatNothingCameOfEndsInTheEventSourceAndIsInNoCounter()
    {
        Dictionary<string, List<double>> counted = [];
        using MeterListener listener = Listen(counted);
        using Told told = new();
        using Parameter parameter = Parameter.Create(7);
        using Adam optimizer = new([parameter]);
        optimizer.StepAsTheyCome().Dispose();
        using (OpenStep step = optimizer.StepAsTheyCome())
            step.Update(parameter);
        Assert.Equal(["StepStart", "StepStop 0 0 0", "StepStart", "StepStop 1 0 7"], told.Events);
        lock (counted)
            Assert.Equal([1], counted["nativeadamax.steps"]);
    }

    [Fact]
    public void AListenerToEventsThatCameInMidStepGetsNoStopWithoutItsStart()
    {
        using MeterListener listener = Listen([]);
        using Parameter parameter = Parameter.Create(7);
        using Adam optimizer = new([parameter]);
        OpenStep empty = optimizer.StepAsTheyCome();
        using (Told told = new())
        {
            empty.Dispose();
            Assert.Empty(told.Events);
        }

        using OpenStep step = optimizer.StepAsTheyCome();
        using Told late = new();
        step.Update(parameter);
        step.Complete();
        Assert.Empty(late.Events);
    }

    private sealed class Told : EventListener
    {
        private readonly long _thread = Environment.CurrentManagedThreadId;

        public List<string> Events { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Telemetry.EventSourceName)
                EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (Environment.CurrentManagedThreadId == _thread)
                Events.Add(string.Join(' ', [eventData.EventName, .. eventData.Payload ?? (IReadOnlyCollection<object?>)[]]));
        }
    }

    /// <summary>Other tests step on other threads: only what this thread does is kept.</summary>
    private static MeterListener Listen(Dictionary<string, List<double>> told)
    {
        int thread = Environment.CurrentManagedThreadId;
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == Telemetry.MeterName)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Keep(i, value));
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => Keep(i, value));
        listener.Start();
        return listener;

        void Keep(Instrument instrument, double value)
        {
            if (Environment.CurrentManagedThreadId != thread)
                return;
            lock (told)
            {
                if (!told.TryGetValue(instrument.Name, out List<double>? values))
                    told[instrument.Name] = values = [];
                values.Add(value);
            }
        }
    }
}
