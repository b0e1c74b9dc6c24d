namespace NativeAdamax.Styles.PyTorch;

/// <summary>From PyTorch's keys to an optimizer. Everything is looked at before anything is changed.</summary>
internal static class StateDictReader
{
    /// <summary>
    /// Keys without a meaning here: of how PyTorch computes, and what its schedulers leave in groups.
    /// </summary>
    private static readonly HashSet<string> Silent =
    [
        "params", "param_names", "foreach", "capturable", "differentiable", "fused", "initial_lr", "max_lr", "min_lr",
        "max_momentum", "base_momentum", "swa_lr",
    ];

    public static void Read(TorchOptimizer optimizer, StateDict saved)
    {
        IReadOnlyList<ParamGroup> groups = optimizer.ParamGroups;
        if (saved.ParamGroups.Count != groups.Count)
            throw Refused($"The state dictionary has {saved.ParamGroups.Count} groups, the optimizer {groups.Count}.");

        OptimizerOptions[] options = new OptimizerOptions[groups.Count];
        List<(Parameter Parameter, LoadedState State)> states = [];
        for (int i = 0; i < groups.Count; i++)
        {
            Entries group = new(saved.ParamGroups[i], $"group {i}");
            int[] numbers = group.Get<int[]>("params") ?? throw Refused($"Group {i} has no params.");
            if (numbers.Length != groups[i].Params.Count)
            {
                throw Refused(
                    $"Group {i} has {numbers.Length} parameters in the state dictionary and "
                    + $"{groups[i].Params.Count} here.");
            }

            options[i] = OptionsOf(group, groups[i].Options);
            for (int k = 0; k < numbers.Length; k++)
            {
                saved.State.TryGetValue(numbers[k], out IReadOnlyDictionary<string, object?>? entries);
                Entries state = new(entries ?? LoadedState.None, $"parameter {numbers[k]}");
                states.Add((groups[i].Params[k], LoadedState.Of(state, options[i], groups[i].Params[k].Length)));
            }
        }

        for (int i = 0; i < groups.Count; i++)
            groups[i].Refuse(options[i]);
        for (int i = 0; i < groups.Count; i++)
            groups[i].Options = options[i];
        foreach ((Parameter parameter, LoadedState state) in states)
            state.WriteTo(optimizer.Inner.State(parameter));
        optimizer.Inner.StepCount = optimizer.Inner.CallCount = states.Max(s => s.State.Step);
    }

    internal static ArgumentException Refused(string message) => new(message);

    private static OptimizerOptions OptionsOf(Entries group, OptimizerOptions now)
    {
        OptimizerOptions fresh = Default(now);
        double[] betas = group.Get<double[]>("betas") ?? [fresh.Beta1!.Value, fresh.Beta2!.Value];
        if (betas.Length != 2)
            throw Refused($"betas of {group.What} are {betas.Length} numbers instead of 2.");
        OptimizerOptions options = now with
        {
            LearningRate = now.LearningRate is LearningRate.Number
                ? group.Number("lr") ?? fresh.LearningRate : now.LearningRate,
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = group.Number("eps") ?? fresh.Epsilon,
            WeightDecay = group.Number("weight_decay") ?? fresh.WeightDecay,
            Maximize = group.Flag("maximize") ?? false,
        };
        HashSet<string> known = ["lr", "betas", "eps", "weight_decay", "maximize", .. Silent];
        if (options is AdamFamilyOptions family)
        {
            known.Add("amsgrad");
            if ((group.Flag("amsgrad") ?? false) != family.AmsGrad)
            {
                throw Refused(
                    $"amsgrad is {group.Flag("amsgrad") ?? false} in {group.What} and {family.AmsGrad} here, where the "
                    + "state was laid out at construction.");
            }
        }

        if (options is NadamOptions nadam)
        {
            known.Add("momentum_decay");
            options = nadam with
            {
                MomentumDecay = group.Number("momentum_decay") ?? ((NadamOptions)fresh).MomentumDecay,
            };
        }

        if (options is not (AdamaxOptions or SparseAdamOptions))
        {
            known.Add("decoupled_weight_decay");
            options = options with
            {
                WeightDecayForm = group.Flag("decoupled_weight_decay") switch
                {
                    true => WeightDecayForm.Decoupled,
                    false => WeightDecayForm.Coupled,
                    null => fresh.WeightDecayForm,
                },
            };
        }

        group.RefuseOthers(known);
        return options;
    }

    private static OptimizerOptions Default(OptimizerOptions kind)
    {
        OptimizerOptions bare = kind switch
        {
            AdamOptions => new AdamOptions(),
            AdamWOptions => new AdamWOptions(),
            AdamaxOptions => new AdamaxOptions(),
            SparseAdamOptions => new SparseAdamOptions(),
            _ => new NadamOptions(),
        };
        return (bare with { Dialect = Dialect.PyTorch }).Resolve();
    }
}
