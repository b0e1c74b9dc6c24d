using NativeAdamax.Clipping;

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
    private Staging? _staging;
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
                    tensor.Name,
                    TensorInfo.Describe(inFile.Type, inFile.Shape),
                    TensorInfo.Describe(tensor.Type, tensor.Shape)));
            }
            else
            {
                _pairs.Add((tensor, inFile));
            }
        }

        TakeWhole(missing);
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

    /// <summary>What stands beside other data means nothing without it, and they nothing without that.</summary>
    private void TakeWhole(List<string> missing)
    {
        HashSet<string> found = [.. _pairs.Select(p => p.Here.Name)];
        foreach (StateTensor beside in _state.Tensors.Where(t => t.BesideOf is not null))
        {
            if (found.Contains(beside.Name) == found.Contains(beside.BesideOf!))
                continue;
            string half = found.Contains(beside.Name) ? beside.Name : beside.BesideOf!;
            _pairs.RemoveAll(p => p.Here.Name == half);
            missing.Add(half);
        }
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
        RunState? run = CheckpointSave.ReadRun(_reader, CheckpointSave.Format, RunStateJson.Default.RunState);
        return run is { HasNulls: true }
            ? throw new CheckpointFormatException("What the metadata say of the run has a null where none can be.")
            : run;
    }

    /// <summary>The bytes of all pairs; the small ones in their copies.</summary>
    private async Task StageAsync(bool isAsync, Work work)
    {
        Dictionary<string, string>? sums = _options.VerifyChecksums ? _reader.Checksums() : null;
        if (_options.VerifyChecksums && sums is null && _run is not null)
            throw new CheckpointFormatException("The checkpoint has no checksums, which its format version asks for.");
        _pairs.Sort((a, b) => a.InFile.Offset.CompareTo(b.InFile.Offset));
        TensorInfo[] inFile = [.. _pairs.Select(p => p.InFile)];
        _staging = await Staging.ReadAsync(_reader, inFile, sums, isAsync, work).ConfigureAwait(false);
        for (int i = 0; i < _pairs.Count; i++)
        {
            if (!_pairs[i].Here.IsCopy)
                continue;
            _staging.Blocks[i].CopyTo(_pairs[i].Here.Memory);
            StateTensors.Check(_pairs[i].Here);
        }
    }

    private void Commit()
    {
        _restore?.Commit([.. _pairs.Select(p => (p.Here.Parameter, p.Here.Kind))]);
        for (int i = 0; i < _pairs.Count; i++)
        {
            StateTensor here = _pairs[i].Here;
            if (here.IsCopy)
                _state.Give(here, _restore?.NormsOf(here.Parameter) ?? PercentileHistory.Length);
            else
                _staging!.Blocks[i].CopyTo(here.Memory);
        }

        foreach ((StateTensor here, _) in _pairs.Where(p => p.Here.Kind == StateKind.Weights))
            _optimizer.Engine.StoreCopy(here.Parameter);
        GC.KeepAlive(_optimizer);
    }
}
