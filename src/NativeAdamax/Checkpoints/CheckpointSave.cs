using System.Text.Json;

namespace NativeAdamax.Checkpoints;

/// <summary>From an optimizer to a file.</summary>
internal static class CheckpointSave
{
    public const string Format = "NativeAdamax checkpoint";

    /// <summary>Raised with every change that a reader of the versions before would misunderstand.</summary>
    public const int FormatVersion = 1;

    public const string FormatKey = "format";

    public const string FormatVersionKey = "format_version";

    public const string LibraryVersionKey = "library_version";

    public const string RunKey = "run";

    /// <summary>The metadata that are not the user's.</summary>
    public static readonly string[] Keys = [FormatKey, FormatVersionKey, LibraryVersionKey, RunKey, SafetensorsWriter.ChecksumKey];

    /// <summary>Saves to a file, or to a stream where the path is null.</summary>
    public static async Task RunAsync(
        Optimizer optimizer, string? path, Stream? stream, SaveOptions? options, bool isAsync, Work work)
    {
        options ??= new SaveOptions();
        optimizer.TakeForCheckpoint();
        try
        {
            using StateTensors state = new(optimizer, options.Weights, options.ShapeOf);
            SafetensorsWriter writer = Fill(optimizer, state, options);
            if (path is not null)
                await writer.WriteAsync(path, isAsync, work).ConfigureAwait(false);
            else
                await writer.WriteAsync(stream!, isAsync, work).ConfigureAwait(false);
        }
        finally
        {
            optimizer.GiveBack();
        }
    }

    private static unsafe SafetensorsWriter Fill(Optimizer optimizer, StateTensors state, SaveOptions options)
    {
        SafetensorsWriter writer = new();
        foreach ((string key, string value) in options.Metadata ?? new Dictionary<string, string>())
        {
            if (Keys.Contains(key))
                throw new ArgumentException($"The metadata {key} is the checkpoint's own: choose another key.", nameof(options));
            writer.Metadata.Add(key, value);
        }

        state.Gather();
        RunState run = RunStates.Of(optimizer, state.Names);
        writer.Metadata[FormatKey] = Format;
        writer.Metadata[FormatVersionKey] = $"{FormatVersion}";
        writer.Metadata[LibraryVersionKey] = typeof(Optimizer).Assembly.GetName().Version!.ToString(3);
        writer.Metadata[RunKey] = JsonSerializer.Serialize(run, RunStateJson.Default.RunState);
        foreach (StateTensor tensor in state.Tensors)
            writer.Add(tensor.Name, tensor.Type, tensor.Shape, (void*)tensor.Memory.Address, tensor.Memory.Length);
        return writer;
    }
}
