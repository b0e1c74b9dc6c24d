using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace NativeAdamax.Demo.Cli;

/// <summary>An option that takes a number of a range, and says so where it is given anything else.</summary>
internal sealed class NumberOption<T> : Option<T>
    where T : struct, INumber<T>
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="low">The smallest that is taken.</param>
    /// <param name="high">The largest that is taken.</param>
    /// <param name="standard">Where the option is not given.</param>
    public NumberOption(string name, string description, T low, T high, T standard)
        : base(name)
    {
        Description = description;
        HelpName = "number";
        DefaultValueFactory = _ => standard;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (T.TryParse(text, Styles, CultureInfo.InvariantCulture, out T value) && value >= low && value <= high)
                return value;
            string kind = IsWhole ? "a whole number" : "a number";
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name} takes {kind} from {low} to {high}, and not '{text}'."));
            return standard;
        };
    }

    private static bool IsWhole => typeof(T) == typeof(int) || typeof(T) == typeof(ulong);

    private static NumberStyles Styles => IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
}
