using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Backends;

public sealed unsafe class BackendChooserTests
{
    [Fact]
    public void TheManagedBackendIsAlwaysThereAndLast()
    {
        Assert.Equal(new BackendSelection(BackendKind.Managed), Backend.Available[^1]);
        Assert.Equal(Backend.Available.Count, Backend.Available.Distinct().Count());
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void WhatIsListedIsWhatOpens(BackendSelection selection)
    {
        BackendInfo info = BackendChooser.Resolve(selection).Info;
        Assert.Equal(selection.Kind, info.Kind);
        Assert.Equal(selection.Isa, info.Isa);
        Assert.Null(info.FallbackReason);
        Assert.Same(BackendChooser.Resolve(selection), BackendChooser.Resolve(selection));
    }

    [Fact]
    public void NoWishIsTheDefault() => Assert.Same(BackendChooser.Default, BackendChooser.Resolve(null));

    [Theory]
    [InlineData("gpu", null)]
    [InlineData("gpu", "avx2")]
    [InlineData(null, "sse9")]
    [InlineData("native", "best")]
    [InlineData("managed", "avx2")]
    public void AWishThatMakesNoSenseIsRefusedWithWhatIsThere(string? backend, string? isa)
    {
        BackendUnavailableException error =
            Assert.Throws<BackendUnavailableException>(() => BackendChooser.Choose(backend, isa));
        Assert.Contains(backend ?? isa!, error.Requested, StringComparison.Ordinal);
        Assert.Contains("Available here: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(Backend.Available, error.Available);
    }

    [Fact]
    public void AnInstructionSetOfAnotherCpuIsRefusedWithWhatIsThere()
    {
        Isa foreign = Backend.Available.Any(s => s.Isa == Isa.Neon) ? Isa.Avx2 : Isa.Neon;
        BackendSelection wish = new(BackendKind.Native, foreign);
        BackendUnavailableException error =
            Assert.Throws<BackendUnavailableException>(() => BackendChooser.Resolve(wish));
        Assert.Contains(wish.ToString(), error.Requested, StringComparison.Ordinal);
        Assert.DoesNotContain(wish, error.Available);
        Assert.Throws<BackendUnavailableException>(() => BackendChooser.Choose("native", foreign.ToString()));
        Assert.Throws<BackendUnavailableException>(() => BackendChooser.Choose(null, foreign.ToString()));
    }

    [Theory]
    [InlineData((BackendKind)7, Isa.Best)]
    [InlineData(BackendKind.Native, (Isa)99)]
    [InlineData(BackendKind.Managed, Isa.Avx2)]
    public void ASelectionOfUndefinedNumbersIsRefused(BackendKind kind, Isa isa) =>
        Assert.Throws<BackendUnavailableException>(() => BackendChooser.Resolve(new BackendSelection(kind, isa)));

    [Fact]
    public void TheVariablesChooseManagedWithoutAFallbackReason()
    {
        BackendInfo info = BackendChooser.Choose("Managed", "").Info;
        Assert.Equal(BackendKind.Managed, info.Kind);
        Assert.Null(info.FallbackReason);
    }

    [NativeFact]
    public void TheVariablesChooseTheBestAndEveryNamedInstructionSet()
    {
        Assert.Equal(Backend.Available[0].Isa, BackendChooser.Choose(null, null).Info.Isa);
        Assert.Equal(Backend.Available[0].Isa, BackendChooser.Choose("native", "").Info.Isa);
        foreach (BackendSelection selection in Backend.Available.Where(s => s.Kind == BackendKind.Native))
            Assert.Equal(selection.Isa, BackendChooser.Choose("", selection.Isa.ToString()).Info.Isa);
    }

    [NativeFact]
    public void TheNativeBackendTellsTheFileItWasLoadedFrom()
    {
        string? file = BackendChooser.Resolve(new BackendSelection(BackendKind.Native)).Info.LibraryFile;
        Assert.NotNull(file);
        Assert.True(Path.IsPathFullyQualified(file), file);
        Assert.True(File.Exists(file), file);
    }

    [Fact]
    public void OnlyNativeKernelsHaveAHandle()
    {
        foreach (BackendSelection selection in Backend.Available)
        {
            KernelBackend backend = BackendChooser.Resolve(selection);
            NaKernels* kernels = backend.Kernels;
            Assert.Equal(selection.Kind == BackendKind.Native, kernels != null);
        }
    }
}
