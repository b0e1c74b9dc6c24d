using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NativeAdamax;

/// <summary>
/// The meter and the event source "NativeAdamax": what steps of all optimizers of this process do, for whoever listens.
/// While nobody does, a step asks once whether somebody does, and nothing more. Calling styles without an optimizer object
/// tell nothing.
/// </summary>
/// <remarks>
/// <para><c>nativeadamax.steps</c>: calls that updated weights. <c>nativeadamax.steps.skipped</c>: calls refused because
/// of infinite or NaN gradients. <c>nativeadamax.parameters</c>: weights of the parameters that took part in an update, all
/// of a parameter also where only rows of it were given. <c>nativeadamax.step.duration</c>: seconds of a call.
/// <c>nativeadamax.gradient.norm</c>: of all gradients, where a step computed it.</para>
/// <para>The events StepStart and StepStop lie around each call; StepStop has updated (1 or 0), skipped (1 or 0) and
/// parameters, as above. A call that throws has no StepStop. A listener to the meter that throws makes the call
/// throw, after its update.</para>
/// </remarks>
public static class Telemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "NativeAdamax";

    /// <summary>The name of the event source.</summary>
    public const string EventSourceName = "NativeAdamax";

    private static readonly Meter s_meter = new(MeterName, typeof(Telemetry).Assembly.GetName().Version?.ToString());

    private static readonly Counter<long> s_steps =
        s_meter.CreateCounter<long>("nativeadamax.steps", "{step}", "Calls that updated weights.");

    private static readonly Counter<long> s_skipped = s_meter.CreateCounter<long>(
        "nativeadamax.steps.skipped", "{step}", "Calls refused because of infinite or NaN gradients.");

    private static readonly Counter<long> s_parameters =
        s_meter.CreateCounter<long>("nativeadamax.parameters", "{parameter}", "Weights of the parameters that took part in an update.");

    private static readonly Histogram<double> s_duration =
        s_meter.CreateHistogram<double>("nativeadamax.step.duration", "s", "Time of a call.");

    private static readonly Histogram<double> s_norm = s_meter.CreateHistogram<double>(
        "nativeadamax.gradient.norm", null, "Norm of all gradients together, unscaled, before clipping.");

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsOn =>
        s_steps.Enabled || s_skipped.Enabled || s_parameters.Enabled || s_duration.Enabled || s_norm.Enabled
        || StepEvents.Log.IsEnabled();

    /// <summary>A call that began.</summary>
    /// <param name="Timestamp">When; 0 where nobody listened then.</param>
    /// <param name="HasStartEvent">Whether the event source was told, so that it gets the other event too.</param>
    internal readonly record struct Call(long Timestamp, bool HasStartEvent)
    {
        /// <summary>Whether somebody listened.</summary>
        internal bool IsTold => Timestamp != 0;
    }

    /// <summary>Asks whether anybody listens to the call that begins.</summary>
    internal static Call Begin()
    {
        if (!IsOn)
            return default;
        bool hasStartEvent = StepEvents.Log.IsEnabled();
        if (hasStartEvent)
            StepEvents.Log.StepStart();
        return new Call(Stopwatch.GetTimestamp(), hasStartEvent);
    }

    /// <summary>Tells that nothing came of a step that was open: to the event source alone, if it was told that it began.</summary>
    /// <param name="call">What <see cref="Begin"/> answered.</param>
    internal static void GiveUp(Call call)
    {
        if (call.HasStartEvent)
            StepEvents.Log.StepStop(0, 0, 0);
    }

    /// <summary>Tells of a call.</summary>
    /// <param name="call">What <see cref="Begin"/> answered.</param>
    /// <param name="report">Of the call.</param>
    /// <param name="elements">Weights of the parameters that took part.</param>
    internal static void End(Call call, in StepReport report, long elements)
    {
        if (!call.IsTold)
            return;
        s_duration.Record(Stopwatch.GetElapsedTime(call.Timestamp).TotalSeconds);
        if (report.IsUpdate)
        {
            s_steps.Add(1);
            s_parameters.Add(elements);
        }

        if (report.NonFiniteParameter is not null)
            s_skipped.Add(1);
        if (report.GradientNorm is { } norm)
            s_norm.Record(norm);
        if (!call.HasStartEvent)
            return;
        StepEvents.Log.StepStop(
            report.IsUpdate ? 1 : 0, report.NonFiniteParameter is null ? 0 : 1, report.IsUpdate ? elements : 0);
    }
}
