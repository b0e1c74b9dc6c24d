using NativeAdamax.Engine;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules;

namespace NativeAdamax.Checkpoints;

/// <summary>What stands beside the tensors, on its way back into an optimizer: checked first, and then all or nothing.</summary>
internal sealed class RunRestore
{
    private readonly Optimizer _optimizer;
    private readonly RunState _file;
    private readonly OptimizerOptions _options;
    private readonly OptimizerOptions?[] _own;
    private readonly List<(IRemembers Schedule, Dictionary<string, double> Memory)> _schedules = [];
    private readonly ParameterValues?[] _parameters;

    /// <exception cref="CheckpointFormatException">A number is out of its range.</exception>
    public RunRestore(Optimizer optimizer, RunState file, RunState here, string[] names)
    {
        _optimizer = optimizer;
        _file = file;
        Dictionary<string, ParameterValues> byName = [];
        foreach (ParameterValues parameter in file.Parameters)
            byName.TryAdd(parameter.Name, parameter);
        _parameters = [.. names.Select(byName.GetValueOrDefault)];
        bool sameGroups = RunStates.HaveSameGroups(file, here);
        try
        {
            Check();
            _options = file.Options.ApplyTo(optimizer.Options).Resolve();
            _own = sameGroups
                ? [.. file.Groups.Select((g, i) => OwnOf(g.Own, optimizer.Composition.Own[i], optimizer.Options))]
                : optimizer.Composition.Own;
            foreach (OptimizerOptions? own in _own)
                _options.OfGroup(own).ToRecipe();
        }
        catch (ArgumentException e)
        {
            throw new CheckpointFormatException($"A number in what the metadata say of the run is not right: {e.Message}", e);
        }

        for (int i = 0; sameGroups && i < file.Groups.Length; i++)
        {
            if (!RunStates.HaveSameSchedules(file.Groups[i], here.Groups[i]))
                continue;
            IEnumerable<IRemembers> schedules = RunStates.Remembering(optimizer.Composition.Resolved[i].LearningRate!);
            _schedules.AddRange(schedules.Zip(file.Groups[i].Schedules ?? [], (s, values) => (s, values.Memory)));
        }
    }

    /// <summary>Norms that the history of a parameter has taken in.</summary>
    public long? NormsOf(int parameter) => _parameters[parameter]?.Norms;

    /// <param name="loaded">The tensors that are there.</param>
    /// <exception cref="CheckpointFormatException">Something refuses its numbers; nothing has changed.</exception>
    public void Commit(HashSet<(int Parameter, StateKind Kind)> loaded)
    {
        Stack<Action> undo = [];
        try
        {
            OptimizerOptions options = _optimizer.Options;
            OptimizerOptions?[] own = _optimizer.Composition.Own;
            undo.Push(() => _optimizer.Change(options, own));
            _optimizer.Change(_options, _own);
            foreach ((IRemembers schedule, Dictionary<string, double> memory) in _schedules)
            {
                IReadOnlyDictionary<string, double> before = schedule.Memory;
                undo.Push(() => schedule.Memory = before);
                schedule.Memory = memory;
            }

            RestoreLossScale();
        }
        catch (Exception e)
        {
            foreach (Action action in undo)
                action();
            throw new CheckpointFormatException($"The checkpoint has what is refused here: {e.Message}", e);
        }

        _optimizer.Counts = _file.Counts;
        if (_optimizer.Ema is { } ema && _file.Average is { } average)
            (ema.State.Updates, ema.State.WeightUpdates) = (average.Updates, average.WeightUpdates);
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i] is { } values)
                Restore(i, values, loaded);
        }
    }

    private void RestoreLossScale()
    {
        if (_optimizer.Options.LossScale is DynamicLossScale scale && _file.LossScale is { Dynamic: not null } values)
            scale.Restore(values.Scale, values.Next ?? values.Scale, values.FiniteSteps ?? 0);
    }

    private void Restore(int i, ParameterValues values, HashSet<(int, StateKind)> loaded)
    {
        ref TensorTraits traits = ref _optimizer.Engine.Traits(i);
        traits = traits with
        {
            RateFactor = values.RateFactor ?? 1,
            DecayFactor = values.DecayFactor ?? 1,
            IsExcludedFromDecay = values.ExcludedFromDecay == true,
        };
        _optimizer.Parameters[i].IsFrozen = values.Frozen == true;
        if (loaded.Contains((i, StateKind.GradientSum)))
            _optimizer.Engine.HasSum(i) = values.HasGradientSum == true;
    }

    /// <summary>The options of a group's own. A rule of its own that is no number stays.</summary>
    private static OptimizerOptions? OwnOf(OptionValues? file, OptimizerOptions? here, OptimizerOptions optimizer) =>
        file is null && here is null
            ? null
            : (file ?? new OptionValues()).ApplyTo(here ?? optimizer with { LearningRate = null });

    private void Check()
    {
        RunCounts counts = _file.Counts;
        NativeAdamax.Check.Count(counts.StepCount, nameof(counts.StepCount));
        NativeAdamax.Check.Count(counts.CallCount, nameof(counts.CallCount));
        NativeAdamax.Check.Count(counts.NonFiniteInARow, nameof(counts.NonFiniteInARow));
        NativeAdamax.Check.Count(counts.NonFiniteCount, nameof(counts.NonFiniteCount));
        int most = _file.AccumulationSteps > 0 ? _file.AccumulationSteps - 1 : int.MaxValue - 1;
        if (counts.CallsOfUpdate < 0 || counts.CallsOfUpdate > most)
            throw NativeAdamax.Check.OutOfRange(counts.CallsOfUpdate, nameof(counts.CallsOfUpdate), $"from 0 to {most}");
        _file.Average?.Check();
        NativeAdamax.Check.Count(_file.LossScale?.FiniteSteps ?? 0, nameof(LossScaleValues.FiniteSteps));
        if (!float.IsFinite((float)counts.GradientScale))
            throw NativeAdamax.Check.OutOfRange(counts.GradientScale, nameof(counts.GradientScale), "finite, also as a float");
        foreach (ParameterValues? parameter in _parameters)
        {
            NativeAdamax.Check.NotNegative(parameter?.RateFactor ?? 1, nameof(parameter.RateFactor));
            NativeAdamax.Check.NotNegative(parameter?.DecayFactor ?? 1, nameof(parameter.DecayFactor));
            NativeAdamax.Check.Count(parameter?.Norms ?? 0, nameof(parameter.Norms));
        }
    }
}
