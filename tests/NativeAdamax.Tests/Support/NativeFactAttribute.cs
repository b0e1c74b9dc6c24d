using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Support;

/// <summary>A fact that needs the native library: skipped, with the reason, where it does not load.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute() => Skip = LibraryProbe.Result.Failure;
}

/// <summary>A theory that needs the native library: skipped, with the reason, where it does not load.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    public NativeTheoryAttribute() => Skip = LibraryProbe.Result.Failure;
}
