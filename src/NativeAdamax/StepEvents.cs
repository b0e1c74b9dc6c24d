using System.Diagnostics.Tracing;

namespace NativeAdamax;

/// <summary>Where steps begin and end, for profilers that listen to event sources.</summary>
[EventSource(Name = Telemetry.EventSourceName)]
internal sealed class StepEvents : EventSource
{
    public static readonly StepEvents Log = new();

    private StepEvents()
    {
    }

    [Event(1, Level = EventLevel.Informational)]
    public void StepStart() => WriteEvent(1);

    /// <param name="updated">1 if weights were updated, else 0.</param>
    /// <param name="skipped">1 if the call was refused because of infinite or NaN gradients, else 0.</param>
    /// <param name="parameters">Weights of the parameters that took part.</param>
    [Event(2, Level = EventLevel.Informational)]
    public void StepStop(long updated, long skipped, long parameters) => WriteEvent(2, updated, skipped, parameters);
}
