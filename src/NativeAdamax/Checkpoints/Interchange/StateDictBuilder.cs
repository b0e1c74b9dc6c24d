using NativeAdamax.Checkpoints.Interchange.Pickles;
using NativeAdamax.Styles.PyTorch;
using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>From the dictionaries of a file to PyTorch's state dictionary.</summary>
internal sealed class StateDictBuilder(TorchTensors tensors, string what)
{
    /// <summary>What is a number, also where the file has a tensor of it; the rest of a state is arrays.</summary>
    private static readonly string[] Numbers = ["step", "mu_product"];

    public StateDict Build(PickledDictionary root)
    {
        if (root.Count != 2 || root.GetValueOrDefault("state") is not PickledDictionary states
            || root.GetValueOrDefault("param_groups") is not PickledList groups)
        {
            throw Refused("It is no state_dict of an optimizer: it has other keys than state and param_groups.");
        }

        Dictionary<int, IReadOnlyDictionary<string, object?>> state = [];
        foreach ((object number, object? entries) in states)
        {
            if (number is not (long and >= 0 and <= int.MaxValue) || entries is not PickledDictionary dictionary)
                throw Refused($"The state of {Quote($"{number}")} is no dictionary, or no parameter's.");
            state.Add((int)(long)number, Entries(dictionary, StateValue, $"parameter {number}"));
        }

        return new StateDict(state, [.. groups.Select((group, i) => group is PickledDictionary dictionary
            ? Entries(dictionary, GroupValue, $"group {i}") : throw Refused($"Group {i} is no dictionary."))]);
    }

    private Dictionary<string, object?> Entries(
        PickledDictionary dictionary, Func<string, object?, string, object?> convert, string owner)
    {
        Dictionary<string, object?> entries = [];
        foreach ((object key, object? value) in dictionary)
        {
            string name = key as string ?? throw Refused(
                $"The key {Quote($"{key}")} of {owner} is no string.");
            entries.Add(name, convert(name, value, owner));
        }

        return entries;
    }

    private object? StateValue(string key, object? value, string owner) => value switch
    {
        TorchTensor tensor when Numbers.Contains(key) => Number(tensor, key, owner),
        TorchTensor tensor => tensors.Of(tensor).ToSingles(),
        null or bool or long or double => value,
        _ => throw Unexpected(key, value, owner),
    };

    private object? GroupValue(string key, object? value, string owner) => (key, value) switch
    {
        ("params", PickledList list) => list.Select(n => n is long and >= 0 and <= int.MaxValue
            ? (int)(long)n : throw Refused($"params of {owner} has what is no number of a parameter.")).ToArray(),
        ("betas", PickledTuple or PickledList) => Items(value!).Select(b => b switch
        {
            double number => number,
            long number => number,
            TorchTensor tensor => Number(tensor, key, owner),
            _ => throw Unexpected(key, b, owner),
        }).ToArray(),
        (_, PickledTuple or PickledList) => Items(value!).Select(s =>
            s as string ?? throw Unexpected(key, s, owner)).ToArray(),
        (_, TorchTensor tensor) => Number(tensor, key, owner),
        (_, null or bool or long or double or string) => value,
        _ => throw Unexpected(key, value, owner),
    };

    private static IEnumerable<object?> Items(object sequence) =>
        sequence is PickledTuple tuple ? tuple.Items : (PickledList)sequence;

    private double Number(TorchTensor tensor, string key, string owner) => tensor.Count == 1
        ? tensors.Of(tensor).ToNumber()
        : throw Refused($"{Quote(key)} of {owner} is a tensor of {tensor.Count} elements instead of one.");

    private CheckpointFormatException Unexpected(string key, object? value, string owner) =>
        Refused($"{Quote(key)} of {owner} is a {value?.GetType().Name ?? "None"}, which is not expected.");

    private CheckpointFormatException Refused(string why) => StoredZip.Refused(what, why);
}
