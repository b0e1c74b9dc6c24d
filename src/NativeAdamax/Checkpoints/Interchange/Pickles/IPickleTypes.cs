namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>What a pickle may name, call and refer to.</summary>
internal interface IPickleTypes
{
    /// <summary>The object of a name; refuses what is not known.</summary>
    object Find(string module, string name);

    /// <summary>What a function that <see cref="Find"/> answered with makes of arguments.</summary>
    object Call(object function, object?[] arguments);

    /// <summary>What lies outside the pickle under an identity.</summary>
    object Load(object? identity);
}
