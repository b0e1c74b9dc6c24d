using System.Globalization;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules;

namespace NativeAdamax.Checkpoints;

/// <summary>Between an optimizer and what a checkpoint says of its run.</summary>
internal static class RunStates
{
    public static RunState Of(Optimizer optimizer, string[] names)
    {
        Composition composition = optimizer.Composition;
        int first = 0;
        GroupValues[] groups = new GroupValues[composition.Groups.Length];
        for (int i = 0; i < groups.Length; first += groups[i++].Parameters.Length)
        {
            ScheduleValues[] schedules =
            [
                .. Remembering(composition.Resolved[i].LearningRate!).Select(s => new ScheduleValues
                {
                    Kind = s.GetType().FullName!,
                    Memory = new Dictionary<string, double>(s.Memory),
                }),
            ];
            groups[i] = new GroupValues
            {
                Parameters = names[first..(first + composition.Groups[i].Parameters.Count)],
                Options = OptionValues.Of(composition.Resolved[i]),
                Own = composition.Own[i] is { } own ? OptionValues.Of(own) : null,
                Schedules = schedules.Length > 0 ? schedules : null,
            };
        }

        return new RunState
        {
            Optimizer = optimizer.GetType().Name,
            Dialect = optimizer.Options.Dialect,
            Counts = optimizer.Counts,
            AccumulationSteps = optimizer.Options.AccumulationSchedule is null ? optimizer.Options.AccumulationSteps ?? 1 : 0,
            Average = optimizer.Ema is { } ema ? Of(ema) : null,
            LossScale = optimizer.Options.LossScale is { } scale ? Of(scale) : null,
            Precision = optimizer.Options.Precision is { } precision ? Of(precision) : null,
            Options = OptionValues.Of(optimizer.Options),
            Groups = groups,
            Parameters = [.. names.Select((name, i) => Of(optimizer.Engine, i, name, optimizer.Parameters[i]))],
        };
    }

    /// <summary>The schedules of a rule that remember something, from the outermost inwards.</summary>
    public static IEnumerable<IRemembers> Remembering(LearningRate rule) =>
        (rule is IRemembers remembers ? [remembers] : Array.Empty<IRemembers>()).Concat(rule.Inner.SelectMany(Remembering));

    /// <summary>What is laid out otherwise in a file than here, where its state would mean something else.</summary>
    public static IEnumerable<CheckpointMismatch> Compare(RunState file, RunState here)
    {
        if (file.Optimizer != here.Optimizer)
            yield return new("optimizer", file.Optimizer, here.Optimizer);
        if (file.Dialect != here.Dialect)
            yield return new("dialect", file.Dialect.ToString(), here.Dialect.ToString());
        if (file.AccumulationSteps != here.AccumulationSteps)
            yield return new("accumulation_steps", Calls(file), Calls(here));
        if (Settings(file.Average) != Settings(here.Average))
            yield return new("average", Text(Settings(file.Average)), Text(Settings(here.Average)));
        if (Settings(file.LossScale) != Settings(here.LossScale))
            yield return new("loss_scale", Text(Settings(file.LossScale)), Text(Settings(here.LossScale)));
        if ((file.Precision ?? new PrecisionValues()) != (here.Precision ?? new PrecisionValues()))
            yield return new("precision", Text(file.Precision), Text(here.Precision));
        if (!HaveSameGroups(file, here))
            yield return new("groups", Groups(file), Groups(here));
    }

    public static bool HaveSameGroups(RunState file, RunState here) =>
        file.Groups.Length == here.Groups.Length
        && file.Groups.Zip(here.Groups).All(g => g.First.Parameters.SequenceEqual(g.Second.Parameters));

    /// <summary>Functions and schedules that differ: those here stay.</summary>
    public static IEnumerable<CheckpointMismatch> CompareRules(RunState file, RunState here)
    {
        if (!HaveSameGroups(file, here))
            yield break;
        for (int i = 0; i < here.Groups.Length; i++)
        {
            GroupValues inFile = file.Groups[i], own = here.Groups[i];
            bool sameSchedules = HaveSameSchedules(inFile, own);
            if (inFile.Options.LearningRateRule != own.Options.LearningRateRule || !sameSchedules)
                yield return new($"learning rate of group {i}", Rule(inFile, sameSchedules), Rule(own, sameSchedules));
        }
    }

    public static bool HaveSameSchedules(GroupValues file, GroupValues here) =>
        (file.Schedules ?? []).Select(s => s.Kind).SequenceEqual((here.Schedules ?? []).Select(s => s.Kind));

    private static string Rule(GroupValues group, bool sameSchedules)
    {
        string rule = group.Options.LearningRateRule ?? string.Create(CultureInfo.InvariantCulture, $"{group.Options.LearningRate:R}");
        string[] kinds = [.. (group.Schedules ?? []).Select(s => s.Kind).DefaultIfEmpty("nothing")];
        return sameSchedules ? rule : $"{rule} that remembers in {string.Join(", ", kinds)}";
    }

    public static AverageValues Of(WeightEma ema) => new()
    {
        Momentum = ema.Momentum,
        CopyAtFirstUpdate = ema.Start == AverageStart.CopyAtFirstUpdate,
        OverwriteFrequency = ema.OverwriteFrequency,
        ZeroDebias = ema.Form == AverageForm.Debiased,
        WarmUp = ema.Form == AverageForm.WarmUp,
        Format = Reduced(ema.Precision.Average),
        Seed = ema.Precision is { Average: StateFormat.BFloat16Random, Seed: not 0 } keyed ? keyed.Seed : null,
        Updates = ema.State.Updates,
        WeightUpdates = ema.State.WeightUpdates,
    };

    private static PrecisionValues Of(StatePrecision precision) => new()
    {
        FirstMoment = Reduced(precision.FirstMoment),
        SecondMoment = Reduced(precision.SecondMoment),
        Average = Reduced(precision.Average),
        Seed = precision.Seed == 0 ? null : precision.Seed,
    };

    private static StateFormat? Reduced(StateFormat format) => format == StateFormat.Float32 ? null : format;

    private static LossScaleValues Of(LossScale scale) => scale is not DynamicLossScale dynamic
        ? new LossScaleValues { Scale = scale.Scale }
        : new LossScaleValues
        {
            Scale = dynamic.Scale,
            Dynamic = dynamic.Dialect,
            Next = dynamic.Next,
            FiniteSteps = dynamic.FiniteSteps,
            Growth = dynamic.Growth,
            Backoff = dynamic.Backoff,
            GrowthInterval = dynamic.GrowthInterval,
            Least = dynamic.Least,
            Most = dynamic.Most,
        };

    private static ParameterValues Of(UpdateEngine engine, int i, string name, Parameter parameter)
    {
        TensorTraits traits = engine.Traits(i);
        return new ParameterValues
        {
            Name = name,
            RateFactor = traits.RateFactor == 1 ? null : traits.RateFactor,
            DecayFactor = traits.DecayFactor == 1 ? null : traits.DecayFactor,
            ExcludedFromDecay = traits.IsExcludedFromDecay ? true : null,
            Frozen = parameter.IsFrozen ? true : null,
            HasGradientSum = engine.HasSum(i) ? true : null,
            Norms = engine.HistoryOf(i)?.Updates,
        };
    }

    public static AverageValues? Settings(AverageValues? average) =>
        average is null ? null : average with { Updates = 0, WeightUpdates = 0 };

    private static LossScaleValues? Settings(LossScaleValues? scale) =>
        scale?.Dynamic is null ? scale : scale with { Scale = 0, Next = 0, FiniteSteps = 0 };

    private static string Text(object? values) => values?.ToString() ?? "none";

    private static string Calls(RunState run) => run.AccumulationSteps == 0 ? "a function" : $"{run.AccumulationSteps}";

    private static string Groups(RunState run) =>
        $"{run.Groups.Length} of {string.Join(", ", run.Groups.Select(g => g.Parameters.Length))} parameters";
}
