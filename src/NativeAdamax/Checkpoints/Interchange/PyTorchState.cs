using NativeAdamax.Styles.PyTorch;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// Any optimizer's state under PyTorch's keys, by the positions of its parameters. An optimizer of PyTorch's calling
/// style has its own <see cref="TorchOptimizer.StateDict"/> and <see cref="TorchOptimizer.LoadStateDict"/>, which also
/// loads the numbers of the groups.
/// </summary>
public static class PyTorchState
{
    private const string State = "state";
    private const string Groups = "param_groups";
    private const string Params = "params";

    /// <summary>A copy of the moments and counts, and the numbers of the groups.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A parameter is longer than an array can be.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public static StateDict Of(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return StateDictWriter.Write(optimizer, optimizer.Groups.Select(group => new ParamGroup(optimizer, group)));
    }

    /// <summary>
    /// Goes on from moments and counts that PyTorch or <see cref="Of"/> saved. Parameters are matched by their position
    /// among those of all groups; the numbers of the groups stay as they are here.
    /// </summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The number of parameters is another, a state has another length, kind or key, or a function says how many
    /// gradients are accumulated for an update. Nothing has been changed then.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public static void Load(Optimizer optimizer, StateDict saved)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(saved);
        int[] numbers = [.. saved.ParamGroups.SelectMany((group, i) => group.GetValueOrDefault(Params) as int[]
            ?? throw new ArgumentException($"Group {i} has no {Params}.", nameof(saved)))];
        IReadOnlyList<Parameter> parameters = optimizer.Parameters;
        if (numbers.Length != parameters.Count)
        {
            throw new ArgumentException(
                $"There are {numbers.Length} parameters in the state dictionary and {parameters.Count} here.",
                    nameof(saved));
        }

        LoadedState[] states = [.. numbers.Select((number, i) => LoadedState.Of(
            new Entries(saved.State.GetValueOrDefault(number) ?? LoadedState.None, $"parameter {number}"),
            optimizer.Options, parameters[i].Length))];
        long steps = states.Max(s => s.Step);
        long calls = CallsOf(steps, optimizer.Options);
        for (int i = 0; i < states.Length; i++)
            states[i].WriteTo(optimizer.State(parameters[i]));
        optimizer.StepCount = steps;
        optimizer.CallCount = calls;
    }

    /// <summary>
    /// A state dictionary as arrays, to be written by <see cref="NumPyArchive"/>: "state.0.exp_avg", "state.0.step",
    /// "param_groups.0.lr" and so on. Arrays are float32, whole numbers int64, numbers float64, true and false int32 (1
    /// and 0); what is None is left out.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="saved"/> is null.</exception>
    /// <exception cref="ArgumentException">A value has no such form: a text.</exception>
    public static IReadOnlyList<KeyValuePair<string, PlainArray>> ToArrays(StateDict saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        IEnumerable<(string Key, object? Value)> entries =
        [
            .. saved.State.OrderBy(s => s.Key).SelectMany(s => s.Value, (s, e) =>
                ($"{State}.{s.Key}.{e.Key}", e.Value)),
            .. saved.ParamGroups.SelectMany((g, i) => g.Select(e => ($"{Groups}.{i}.{e.Key}", e.Value))),
        ];
        return [.. entries.Where(e => e.Value is not null).Select(e =>
            KeyValuePair.Create(e.Key, Array(e.Key, e.Value!)))];
    }

    /// <summary>
    /// The state dictionary of what <see cref="ToArrays"/> made, or a program in Python under the same names.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="arrays"/> is null.</exception>
    /// <exception cref="ArgumentException">A name or an array means nothing in a state dictionary.</exception>
    public static StateDict FromArrays(IReadOnlyDictionary<string, PlainArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        SortedDictionary<int, Dictionary<string, object?>> states = [], groups = [];
        foreach ((string name, PlainArray array) in arrays)
        {
            if (name.Split('.', 3) is not [State or Groups, var number, var key]
                || !int.TryParse(number, out int index) || index < 0 || number != $"{index}")
            {
                throw new ArgumentException($"{name} is no name in a state dictionary.", nameof(arrays));
            }

            bool isState = name.StartsWith(State, StringComparison.Ordinal);
            SortedDictionary<int, Dictionary<string, object?>> owner = isState ? states : groups;
            if (!owner.TryGetValue(index, out Dictionary<string, object?>? entries))
                owner.Add(index, entries = []);
            entries.Add(key, isState ? StateValue(key, array, name) : GroupValue(key, array, name));
        }

        if (!groups.Keys.SequenceEqual(Enumerable.Range(0, groups.Count)))
            throw new ArgumentException("The numbers of the groups have a gap.", nameof(arrays));
        return new StateDict(
            states.ToDictionary(s => s.Key, s => (IReadOnlyDictionary<string, object?>)s.Value), [.. groups.Values]);
    }

    private static long CallsOf(long steps, OptimizerOptions options)
    {
        if (options.AccumulationSchedule is not null)
        {
            throw new ArgumentException(
                "PyTorch counts updates, and the calls that they took are not known where a function says how many.");
        }

        UInt128 calls = (UInt128)steps * (uint)(options.AccumulationSteps ?? 1);
        return calls <= (UInt128)Check.MostSteps
            ? (long)calls : throw new ArgumentException($"step is {steps}, which took more calls than 2^62.");
    }

    private static PlainArray Array(string name, object value) => value switch
    {
        float[] array => PlainArray.Of(array),
        double[] array => PlainArray.Of(array),
        int[] array => PlainArray.Of([.. array.Select(n => (long)n)]),
        double number => PlainArray.Of([number], []),
        float number => PlainArray.Of([(double)number], []),
        long number => PlainArray.Of([number], []),
        int number => PlainArray.Of([(long)number], []),
        bool flag => PlainArray.Of([flag ? 1 : 0], []),
        _ => throw new ArgumentException($"{name} is a {value.GetType().Name}, which no array of numbers can hold."),
    };

    private static object StateValue(string key, PlainArray array, string name) =>
        key is "step" or "mu_product" ? Number(array, name) : array.ToSingles();

    private static object GroupValue(string key, PlainArray array, string name) => (key, array.Type) switch
    {
        (Params, ElementType.Int64) => array.Values<long>().ToArray().Select(n => n is >= 0 and <= int.MaxValue
            ? (int)n : throw new ArgumentException($"{name} has {n}, which is no number of a parameter.")).ToArray(),
        ("betas", ElementType.Double) => array.Values<double>().ToArray(),
        (Params or "betas", _) => throw new ArgumentException($"{name} is of type {array.Type}."),
        _ => Number(array, name),
    };

    private static object Number(PlainArray array, string name) => (array.Length, array.Type) switch
    {
        (1, ElementType.Int32) => array.Values<int>()[0] is 0 or 1
            ? array.Values<int>()[0] == 1 : throw new ArgumentException($"{name} is neither 0 nor 1."),
        (1, ElementType.Int64) => array.Values<long>()[0],
        (1, _) => array.ToNumber(),
        _ => throw new ArgumentException($"{name} has {array.Length} elements instead of one."),
    };
}
