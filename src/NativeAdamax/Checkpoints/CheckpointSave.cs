using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

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
    public static readonly string[] Keys =
        [FormatKey, FormatVersionKey, LibraryVersionKey, RunKey, SafetensorsWriter.ChecksumKey];

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

    public static void WriteRun<T>(SafetensorsWriter writer, string format, T run, JsonTypeInfo<T> type)
    {
        writer.Metadata[FormatKey] = format;
        writer.Metadata[FormatVersionKey] = $"{FormatVersion}";
        writer.Metadata[LibraryVersionKey] = typeof(Optimizer).Assembly.GetName().Version!.ToString(3);
        writer.Metadata[RunKey] = JsonSerializer.Serialize(run, type);
    }

    /// <summary>Null: the file is not of this format.</summary>
    /// <exception cref="CheckpointFormatException">It is of a later version, or its run is not what it should be.</exception>
    public static T? ReadRun<T>(SafetensorsReader reader, string format, JsonTypeInfo<T> type)
        where T : class
    {
        if (!reader.Metadata.TryGetValue(RunKey, out string? json) || reader.Metadata.GetValueOrDefault(FormatKey) != format)
            return null;
        string version = reader.Metadata.GetValueOrDefault(FormatVersionKey) ?? "none";
        if (version != $"{FormatVersion}")
        {
            throw new CheckpointFormatException(
                $"The file is of format version {CheckpointFormatException.Quote(version)}: this library reads {FormatVersion}.");
        }

        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new CheckpointFormatException("What the metadata say of the run is null.");
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"What the metadata say of the run is not what it should be: {e.Message}", e);
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
        WriteRun(writer, Format, RunStates.Of(optimizer, state.Names), RunStateJson.Default.RunState);
        foreach (StateTensor tensor in state.Tensors)
            writer.Add(tensor.Name, tensor.Type, tensor.Shape, (void*)tensor.Memory.Address, tensor.Memory.Length);
        return writer;
    }
}
