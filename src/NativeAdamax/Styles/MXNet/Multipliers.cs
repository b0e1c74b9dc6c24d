namespace NativeAdamax.Styles.MXNet;

/// <summary>lr_mult or wd_mult: one number a weight, 1 where nothing says otherwise.</summary>
internal sealed class Multipliers
{
    private readonly Func<int, double?> _own;
    private readonly IReadOnlyDictionary<int, string> _names;
    private Dictionary<int, double> _byIndex = [];
    private Dictionary<string, double> _byName = [];

    /// <param name="own">The number that a weight brings along, which comes first.</param>
    /// <param name="names">Of weights, by index.</param>
    public Multipliers(Func<int, double?> own, IReadOnlyDictionary<int, string> names)
    {
        _own = own;
        _names = names;
    }

    public double this[int index]
    {
        get
        {
            if (_own(index) is { } own)
                return own;
            if (_byIndex.TryGetValue(index, out double factor))
                return factor;
            return _names.TryGetValue(index, out string? name) && _byName.TryGetValue(name, out factor) ? factor : 1;
        }
    }

    /// <summary>Takes the place of all that was set before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, infinite or NaN.</exception>
    public void Set(IReadOnlyDictionary<int, double>? byIndex, IReadOnlyDictionary<string, double>? byName, string name)
    {
        Dictionary<int, double> indices = (byIndex ?? new Dictionary<int, double>())
            .ToDictionary(p => p.Key, p => Check.NotNegative(p.Value, name));
        _byName = (byName ?? new Dictionary<string, double>())
            .ToDictionary(p => p.Key, p => Check.NotNegative(p.Value, name));
        _byIndex = indices;
    }
}
