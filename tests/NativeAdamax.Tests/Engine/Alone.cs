namespace NativeAdamax.Tests.Engine;

/// <summary>Tests that measure or fill what all tests of the process share.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    internal const string Name = "alone";
}
