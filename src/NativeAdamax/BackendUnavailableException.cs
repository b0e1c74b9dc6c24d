namespace NativeAdamax;

/// <summary>A backend or instruction set was asked for that is not there; the message says what is.</summary>
public sealed class BackendUnavailableException : InvalidOperationException
{
    internal BackendUnavailableException(string requested, string reason, IReadOnlyList<BackendSelection> available)
        : base($"{requested} is not available: {reason} Available here: {string.Join(", ", available)}.")
    {
        Requested = requested;
        Available = available;
    }

    /// <summary>What was asked for, as it was written.</summary>
    public string Requested { get; }

    /// <summary>What could have been asked for, fastest first.</summary>
    public IReadOnlyList<BackendSelection> Available { get; }
}
