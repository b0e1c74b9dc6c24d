using NativeAdamax.Backends;

namespace NativeAdamax.Tests.Support;

/// <summary>Every backend that runs here, managed among them.</summary>
public sealed class AllBackends : TheoryData<BackendSelection>
{
    public AllBackends() => AddRange([.. Backend.Available]);

    internal static KernelBackend Open(BackendSelection selection) => BackendChooser.Resolve(selection);
}
