namespace NativeAdamax.Checkpoints;

/// <summary>An average that no optimizer keeps, to a file and back. The caller keeps others out.</summary>
internal static class AverageFile
{
    private const string Format = "NativeAdamax average";

    /// <summary>To a file, or to a stream where the path is null.</summary>
    public static unsafe void Save(WeightEma ema, string? path, Stream? stream)
    {
        SafetensorsWriter writer = new();
        CheckpointSave.WriteRun(writer, Format, RunStates.Of(ema), RunStateJson.Default.AverageValues);
        string[] names = NamesOf(ema);
        for (int i = 0; i < names.Length; i++)
        {
            TensorType type = TypeOf(ema, i);
            long length = ema.Parameters[i].Length;
            writer.Add(names[i], type, [length], ema.State.Of(i).Data, length * type.Size());
        }

        if (path is not null)
            writer.Write(path);
        else
            writer.Write(stream!);
    }

    /// <summary>From a file, or from a stream where the path is null. All or nothing.</summary>
    public static unsafe void Load(WeightEma ema, string? path, Stream? stream)
    {
        using SafetensorsReader reader = path is not null
            ? SafetensorsReader.Map(path)
            : SafetensorsReader.Open(stream!, leaveOpen: true);
        AverageValues? file = CheckpointSave.ReadRun(reader, Format, RunStateJson.Default.AverageValues);
        Dictionary<string, int> numbers = NamesOf(ema).Select((name, i) => (name, i)).ToDictionary();
        LoadReport report = new()
        {
            Loaded = [],
            Missing =
            [
                .. numbers.Keys.Where(name => reader.Find(name) is null),
                .. file is null ? [CheckpointSave.RunKey] : Array.Empty<string>(),
            ],
            Extra = [.. reader.Tensors.Select(t => t.Name).Where(name => !numbers.ContainsKey(name))],
            Mismatched = [.. Mismatches(ema, file, reader, numbers)],
            Kept = [],
            Metadata = reader.Metadata,
            File = path,
        };
        if (!report.IsComplete)
            throw new CheckpointMismatchException(report);
        try
        {
            file!.Check();
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException($"A number in what the metadata say of the average is not right: {e.Message}", e);
        }

        Dictionary<string, string> sums =
            reader.Checksums() ?? throw new CheckpointFormatException("The file has no checksums.");
        Work work = new(null, default);
        using Staging staging = Staging.ReadAsync(reader, reader.Tensors, sums, isAsync: false, work).GetAwaiter().GetResult();
        for (int i = 0; i < staging.Blocks.Count; i++)
        {
            void* average = ema.State.Of(numbers[reader.Tensors[i].Name]).Data;
            staging.Blocks[i].CopyTo(new Block((nint)average, staging.Blocks[i].Length));
        }

        (ema.State.Updates, ema.State.WeightUpdates) = (file.Updates, file.WeightUpdates);
    }

    private static IEnumerable<CheckpointMismatch> Mismatches(
        WeightEma ema, AverageValues? file, SafetensorsReader reader, Dictionary<string, int> numbers)
    {
        AverageValues here = RunStates.Of(ema);
        if (file is not null && RunStates.Settings(file) != RunStates.Settings(here))
            yield return new CheckpointMismatch("average", $"{RunStates.Settings(file)}", $"{RunStates.Settings(here)}");
        foreach (TensorInfo tensor in reader.Tensors)
        {
            if (numbers.TryGetValue(tensor.Name, out int i)
                && (tensor.Type != TypeOf(ema, i) || tensor.Count != ema.Parameters[i].Length))
            {
                yield return new CheckpointMismatch(
                    tensor.Name, TensorInfo.Describe(tensor.Type, tensor.Shape),
                    TensorInfo.Describe(TypeOf(ema, i), [ema.Parameters[i].Length]));
            }
        }
    }

    private static TensorType TypeOf(WeightEma ema, int i) => StoredFormat.Of(ema.State.Of(i).Format).Type;

    private static string[] NamesOf(WeightEma ema) =>
        [.. StateTensors.NamesOf(ema.Parameters).Select(name => $"{name}.average")];
}
