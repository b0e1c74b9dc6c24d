namespace NativeAdamax.Checkpoints;

/// <summary>What a load found and did.</summary>
public sealed record LoadReport
{
    /// <summary>Tensors taken, by name.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Tensors that were wanted and are not in the file; "run" for all that stands beside the tensors.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Tensors of the file that nothing here is for.</summary>
    public required IReadOnlyList<string> Extra { get; init; }

    /// <summary>What is another thing in the file than here, and was not taken.</summary>
    public required IReadOnlyList<CheckpointMismatch> Mismatched { get; init; }

    /// <summary>
    /// Functions and schedules in which the file and the optimizer differ: the optimizer's stay. They are never refused,
    /// for they are the caller's.
    /// </summary>
    public required IReadOnlyList<CheckpointMismatch> Kept { get; init; }

    /// <summary>The user's own text in the file, by keys.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The file; null where it was a stream.</summary>
    public string? File { get; init; }

    /// <summary>Newer files of a folder that were damaged and passed over.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Whether nothing was missing, too much or mismatched.</summary>
    public bool IsComplete => Missing.Count + Extra.Count + Mismatched.Count == 0;
}

/// <summary>Something that is not the same in the file and here.</summary>
/// <param name="Name">Of the tensor or option.</param>
/// <param name="InFile">What the file has.</param>
/// <param name="Here">What the optimizer has.</param>
public sealed record CheckpointMismatch(string Name, string InFile, string Here);

/// <summary>A checkpoint does not fit the optimizer, and a strict load refused it. Nothing has changed.</summary>
public sealed class CheckpointMismatchException : InvalidOperationException
{
    internal CheckpointMismatchException(LoadReport report)
        : base(Describe(report)) => Report = report;

    /// <summary>All that does not fit.</summary>
    public LoadReport Report { get; }

    private static string Describe(LoadReport report)
    {
        const int most = 5;
        List<string> lines = ["The checkpoint does not fit this optimizer."];
        if (report.Missing.Count > 0)
            lines.Add($"Missing in it: {Some(report.Missing)}.");
        if (report.Extra.Count > 0)
            lines.Add($"Nothing here is for: {Some(report.Extra)}.");
        if (report.Mismatched.Count > 0)
        {
            string[] different = [.. report.Mismatched.Select(m => $"{m.Name} is {m.InFile} in it and {m.Here} here")];
            lines.Add($"Different: {Some(different)}.");
        }

        lines.Add($"{nameof(LoadOptions)}.{nameof(LoadOptions.Strict)} = false loads what fits.");
        return string.Join(' ', lines);

        static string Some(IReadOnlyList<string> names) =>
            string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");
    }
}
