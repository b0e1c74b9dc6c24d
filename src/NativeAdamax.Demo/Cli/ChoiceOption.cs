using System.CommandLine;

namespace NativeAdamax.Demo.Cli;

/// <summary>An option that takes a name of an enumeration, in any case, and lists them when given another.</summary>
internal sealed class ChoiceOption<T> : Option<T>
    where T : struct, Enum
{
    private readonly T _standard;

    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="standard">Where the option is not given.</param>
    public ChoiceOption(string name, string description, T standard)
        : base(name)
    {
        _standard = standard;
        Description = $"{description} [default: {Lower(standard.ToString())}]";
        string[] names = Array.ConvertAll(Enum.GetNames<T>(), Lower);
        HelpName = string.Join('|', names);
        CompletionSources.Add(names);
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            int index = Array.IndexOf(names, Lower(text));
            if (index >= 0)
                return Enum.GetValues<T>()[index];
            result.AddError($"{name} takes {string.Join(", ", names[..^1])} or {names[^1]}, and not '{text}'.");
            return standard;
        };
    }

    /// <summary>What was chosen.</summary>
    public T In(ParseResult parsed) => parsed.GetResult(this) is null ? _standard : parsed.GetValue(this);

    private static string Lower(string text) => text.ToLowerInvariant();
}
