using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Backends;

public sealed unsafe class BackendChooserTests
{
    [Fact]
    public void The_managed_backend_is_always_there_and_last()
    {
        Assert.Equal(new BackendSelection(BackendKind.Managed), Backend.Available[^1]);
        Assert.Equal(Backend.Available.Count, Backend.Available.Distinct().Count());
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void What_is_listed_is_what_opens(BackendSelection selection)
    {
        BackendInfo info = BackendChooser.Resolve(selection).Info;
        Assert.Equal(selection.Kind, info.Kind);
        Assert.Equal(selection.Isa, info.Isa);
        Assert.Null(info.FallbackReason);
        Assert.Same(BackendChooser.Resolve(selection), BackendChooser.Resolve(selection));
    }

    [Fact]
    public void No_wish_is_the_default() => Assert.Same(BackendChooser.Default, BackendChooser.Resolve(null));

    [Theory]
    [InlineData("gpu", null)]
    [InlineData("gpu", "avx2")]
    [InlineData(null, "sse9")]
    [InlineData("native", "best")]
    [InlineData("managed", "avx2")]
    public void A_wish_that_makes_no_sense_is_refused_with_what_is_there(string? backend, string? isa)
    {
        BackendUnavailableException error =
            Assert.Throws<BackendUnavailableException>(() => BackendChooser.Choose(backend, isa));
        Assert.Contains(backend ?? isa!, error.Requested, StringComparison.Ordinal);
        Assert.Contains("Available here: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(Backend.Available, error.Available);
    }

    [Fact]
    public void An_instruction_set_of_another_cpu_is_refused_with_what_is_there()
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
    public void A_selection_of_undefined_numbers_is_refused(BackendKind kind, Isa isa) =>
        Assert.Throws<BackendUnavailableException>(() => BackendChooser.Resolve(new BackendSelection(kind, isa)));

    [Fact]
    public void The_variables_choose_managed_without_a_fallback_reason()
    {
        BackendInfo info = BackendChooser.Choose("Managed", "").Info;
        Assert.Equal(BackendKind.Managed, info.Kind);
        Assert.Null(info.FallbackReason);
    }

    [NativeFact]
    public void The_variables_choose_the_best_and_every_named_instruction_set()
    {
        Assert.Equal(Backend.Available[0].Isa, BackendChooser.Choose(null, null).Info.Isa);
        Assert.Equal(Backend.Available[0].Isa, BackendChooser.Choose("native", "").Info.Isa);
        foreach (BackendSelection selection in Backend.Available.Where(s => s.Kind == BackendKind.Native))
            Assert.Equal(selection.Isa, BackendChooser.Choose("", selection.Isa.ToString()).Info.Isa);
    }

    [NativeFact]
    public void The_native_backend_tells_the_file_it_was_loaded_from()
    {
        string? file = BackendChooser.Resolve(new BackendSelection(BackendKind.Native)).Info.LibraryFile;
        Assert.NotNull(file);
        Assert.True(Path.IsPathFullyQualified(file), file);
        Assert.True(File.Exists(file), file);
    }

    [Fact]
    public void Only_native_kernels_have_a_handle()
    {
        foreach (BackendSelection selection in Backend.Available)
        {
            KernelBackend backend = BackendChooser.Resolve(selection);
            NaKernels* kernels = backend.Kernels;
            Assert.Equal(selection.Kind == BackendKind.Native, kernels != null);
        }
    }
}
