using System.Text.Json;
using NativeAdamax.Clipping;
using NativeAdamax.Engine;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// From a file to an optimizer, in three parts: what fits what; the bytes, checked; and only then the change, which can
/// neither fail nor be given up.
/// </summary>
internal sealed class CheckpointLoad : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly SafetensorsReader _reader;
    private readonly LoadOptions _options;
    private readonly StateTensors _state;
    private readonly List<(StateTensor Here, TensorInfo InFile)> _pairs = [];
    private AlignedMemory? _staging;
    private Block[] _blocks = [];
    private RunState? _run;
    private RunRestore? _restore;

    private CheckpointLoad(Optimizer optimizer, SafetensorsReader reader, LoadOptions options)
    {
        _optimizer = optimizer;
        _reader = reader;
        _options = options;
        _state = new StateTensors(optimizer, options.Weights, options.ShapeOf, name => reader.Find(name) is not null);
    }

    /// <summary>Loads a file, or a stream where the path is null.</summary>
    public static async Task<LoadReport> RunAsync(
        Optimizer optimizer, string? path, Stream? stream, LoadOptions? options, bool isAsync, Work work)
    {
        optimizer.TakeForCheckpoint();
        try
        {
            using SafetensorsReader reader = path is not null
                ? SafetensorsReader.Map(path)
                : await SafetensorsReader.OpenAsync(stream!, leaveOpen: true, isAsync, work).ConfigureAwait(false);
            using CheckpointLoad load = new(optimizer, reader, options ?? new LoadOptions());
            LoadReport report = load.Match(path);
            await load.StageAsync(isAsync, work).ConfigureAwait(false);
            await reader.FinishAsync(isAsync, work).ConfigureAwait(false);
            work.ThrowIfCancelled();
            load.Commit();
            return report;
        }
        finally
        {
            optimizer.GiveBack();
        }
    }

    public void Dispose()
    {
        _state.Dispose();
        _staging?.Dispose();
    }

    /// <exception cref="CheckpointMismatchException">Not everything fits, and it is asked to.</exception>
    private LoadReport Match(string? path)
    {
        List<string> missing = [];
        List<CheckpointMismatch> mismatched = [];
        foreach (StateTensor tensor in _state.Tensors.Where(t => IsWanted(t.Name)))
        {
            TensorInfo? inFile = _reader.Find(tensor.Name);
            if (inFile is null)
            {
                missing.Add(tensor.Name);
            }
            else if (inFile.Type != tensor.Type || inFile.Length != tensor.Memory.Length || !HasShape(tensor, inFile))
            {
                mismatched.Add(new CheckpointMismatch(
                    tensor.Name, TensorInfo.Describe(inFile.Type, inFile.Shape), TensorInfo.Describe(tensor.Type, tensor.Shape)));
            }
            else
            {
                _pairs.Add((tensor, inFile));
            }
        }

        HashSet<string> known = [.. _state.Tensors.Select(t => t.Name), .. _state.Names];
        string[] extra = [.. _reader.Tensors.Select(t => t.Name).Where(name => IsWanted(name) && !known.Contains(name))];
        CheckpointMismatch[] kept = [];
        _run = ReadRun();
        if (_options.Run)
        {
            RunState here = RunStates.Of(_optimizer, _state.Names);
            if (_run is null)
            {
                missing.Add(CheckpointSave.RunKey);
            }
            else
            {
                mismatched.AddRange(RunStates.Compare(_run, here));
                kept = [.. RunStates.CompareRules(_run, here)];
                if (_run.Optimizer == here.Optimizer && _run.Dialect == here.Dialect)
                    _restore = new RunRestore(_optimizer, _run, here, _state.Names);
            }
        }

        LoadReport report = new()
        {
            Loaded = [.. _pairs.Select(p => p.Here.Name)],
            Missing = missing,
            Extra = extra,
            Mismatched = mismatched,
            Kept = kept,
            Metadata = _reader.Metadata.Where(m => !CheckpointSave.Keys.Contains(m.Key)).ToDictionary(),
            File = path,
        };
        return report.IsComplete || !_options.Strict ? report : throw new CheckpointMismatchException(report);
    }

    private bool IsWanted(string name) => _options.Filter?.Invoke(name) ?? true;

    private bool HasShape(StateTensor tensor, TensorInfo inFile)
    {
        bool isGiven = tensor.IsCopy || _options.ShapeOf?.Invoke(_optimizer.Parameters[tensor.Parameter]) is not null;
        return !isGiven || inFile.Shape.SequenceEqual(tensor.Shape);
    }

    /// <summary>Null: the file is not one of this library's.</summary>
    private RunState? ReadRun()
    {
        if (!_reader.Metadata.TryGetValue(CheckpointSave.RunKey, out string? json)
            || _reader.Metadata.GetValueOrDefault(CheckpointSave.FormatKey) != CheckpointSave.Format)
        {
            return null;
        }

        string version = _reader.Metadata.GetValueOrDefault(CheckpointSave.FormatVersionKey) ?? "none";
        if (version != $"{CheckpointSave.FormatVersion}")
        {
            throw new CheckpointFormatException(
                $"The checkpoint is of format version {CheckpointFormatException.Quote(version)}: this library reads "
                + $"{CheckpointSave.FormatVersion}.");
        }

        try
        {
            RunState? run = JsonSerializer.Deserialize(json, RunStateJson.Default.RunState);
            return run is { HasNulls: false }
                ? run
                : throw new CheckpointFormatException("What the metadata say of the run has a null where none can be.");
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"What the metadata say of the run is not what it should be: {e.Message}", e);
        }
    }

    /// <summary>The bytes of all pairs, where they can be relied upon: mapped, or copied; the small ones in their copies.</summary>
    private async Task StageAsync(bool isAsync, Work work)
    {
        Dictionary<string, string>? sums = _options.VerifyChecksums ? _reader.Checksums() : null;
        if (_options.VerifyChecksums && sums is null && _run is not null)
            throw new CheckpointFormatException("The checkpoint has no checksums, which its format version asks for.");
        _pairs.Sort((a, b) => a.InFile.Offset.CompareTo(b.InFile.Offset));
        long bytes = _pairs.Sum(p => p.InFile.Length);
        work.Total = bytes * (sums is null ? 1 : 2);
        _blocks = _reader.IsMapped
            ? [.. _pairs.Select(p => _reader.BlockOf(p.InFile))]
            : await ReadAsync(bytes, isAsync, work).ConfigureAwait(false);
        if (sums is not null)
        {
            string[] actual = isAsync
                ? await Task.Run(() => Transfer.Checksums(_blocks, work), work.Cancellation).ConfigureAwait(false)
                : Transfer.Checksums(_blocks, work);
            for (int i = 0; i < actual.Length; i++)
                RefuseOther(_pairs[i].InFile.Name, sums, actual[i]);
        }

        for (int i = 0; i < _blocks.Length; i++)
        {
            if (!_pairs[i].Here.IsCopy)
                continue;
            _blocks[i].CopyTo(_pairs[i].Here.Memory);
            StateTensors.Check(_pairs[i].Here);
        }

        if (_reader.IsMapped)
            work.Did(bytes);
    }

    private async Task<Block[]> ReadAsync(long bytes, bool isAsync, Work work)
    {
        _staging = AlignedMemory.Allocate((nuint)bytes);
        Block[] blocks = new Block[_pairs.Count];
        long at = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Staged().Slice(at, _pairs[i].InFile.Length);
            await _reader.ReadAsync(_pairs[i].InFile, blocks[i], isAsync, work).ConfigureAwait(false);
            at += blocks[i].Length;
        }

        return blocks;

        unsafe Block Staged() => new((nint)_staging!.Pointer, bytes);
    }

    private static void RefuseOther(string name, Dictionary<string, string> sums, string actual)
    {
        if (!sums.TryGetValue(name, out string? expected))
            throw new CheckpointFormatException($"There is no checksum of tensor {CheckpointFormatException.Quote(name)}.");
        if (!string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase))
        {
            throw new CheckpointFormatException(
                $"The bytes of tensor {CheckpointFormatException.Quote(name)} have another checksum than when they were "
                + "written: they were changed since.");
        }
    }

    private void Commit()
    {
        _restore?.Commit([.. _pairs.Select(p => (p.Here.Parameter, p.Here.Kind))]);
        for (int i = 0; i < _blocks.Length; i++)
        {
            StateTensor here = _pairs[i].Here;
            if (here.IsCopy)
                _state.Give(here, _restore?.NormsOf(here.Parameter) ?? PercentileHistory.Length);
            else
                _blocks[i].CopyTo(here.Memory);
        }

        GC.KeepAlive(_optimizer);
    }
}
