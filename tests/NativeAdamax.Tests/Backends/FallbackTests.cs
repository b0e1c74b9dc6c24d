using System.Runtime.InteropServices;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;
using Cpu = System.Runtime.InteropServices.Architecture;

namespace NativeAdamax.Tests.Backends;

/// <summary>Each way in which the native library can be wrong, produced for a process of its own.</summary>
public sealed class FallbackTests
{
    [Fact]
    public void Without_the_library_managed_kernels_are_used_and_the_reason_is_told_once()
    {
        using ChildProcess child = new();
        AssertFellBack(child, $"The native library was not found: no {ChildProcess.LibraryName} in ");
    }

    [Fact]
    public void A_file_that_is_not_a_library_falls_back()
    {
        using ChildProcess child = new();
        File.WriteAllText(child.LibraryFile, string.Concat(Enumerable.Repeat("This is not a library.\n", 100)));
        AssertFellBack(child, "cannot be loaded: it is not a");
    }

    [Fact]
    public void An_empty_file_falls_back()
    {
        using ChildProcess child = new();
        File.WriteAllText(child.LibraryFile, "");
        AssertFellBack(child, "cannot be loaded: it is not a");
    }

    [Fact]
    public void A_library_whose_header_is_cut_falls_back()
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.SomeLibrary()[..40]);
        AssertFellBack(child, "cannot be loaded: its header is cut after 40 bytes.");
    }

    [Fact]
    public void A_library_for_another_architecture_falls_back()
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.ForAnotherArchitecture());
        Cpu here = RuntimeInformation.ProcessArchitecture;
        Cpu other = here == Cpu.Arm64 ? Cpu.X64 : Cpu.Arm64;
        AssertFellBack(child, $"cannot be loaded: it is for {other}, and this process is {here}.");
    }

    [Fact]
    public void A_library_without_our_functions_falls_back()
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.SomeLibrary());
        AssertFellBack(child, "na_abi_version");
    }

    [CompilerFact]
    public void A_library_that_lacks_one_function_falls_back()
    {
        using ChildProcess child = new();
        WrongLibraries.Compile(child.LibraryFile, version: 1, without: "na_first_nonfinite_f32");
        AssertFellBack(child, "na_first_nonfinite_f32");
    }

    [CompilerFact]
    public void A_library_of_another_abi_version_falls_back()
    {
        using ChildProcess child = new();
        WrongLibraries.Compile(child.LibraryFile, version: 4711, without: null);
        AssertFellBack(child, "ABI version 4711");
    }

    [CompilerFact]
    public void A_library_that_answers_nonsense_falls_back()
    {
        using ChildProcess child = new();
        WrongLibraries.Compile(child.LibraryFile, version: 1, without: null, status: 99);
        AssertFellBack(child, "does not answer as its header says");
    }

    [Fact]
    public void Asking_for_native_where_it_is_missing_is_an_error_that_says_what_is_there()
    {
        using ChildProcess child = new();
        foreach ((string? backend, string? isa) in new[] { ("native", null), (null, "portable"), ("native", "avx2") })
        {
            Dictionary<string, string> report = child.Run(backend, isa);
            Assert.Contains(backend ?? isa!, report["unavailable"], StringComparison.Ordinal);
            Assert.Contains("was not found", report["unavailable"], StringComparison.Ordinal);
            Assert.Contains("Available here: managed.", report["unavailable"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_backend_variable_that_makes_no_sense_is_an_error_that_says_what_is_there()
    {
        using ChildProcess child = new();
        Dictionary<string, string> report = child.Run(backend: "gpu");
        Assert.StartsWith("NATIVE_ADAMAX_BACKEND=gpu ", report["unavailable"], StringComparison.Ordinal);
    }

    [NativeFact]
    public void The_library_beside_the_assembly_is_used_and_named()
    {
        using ChildProcess child = new();
        File.Copy(LoadedLibrary, child.LibraryFile);
        Dictionary<string, string> report = child.Run();
        Assert.Equal("Native", report["kind"]);
        Assert.Equal("(null)", report["reason"]);
        Assert.Equal(Path.GetFileName(child.LibraryFile), Path.GetFileName(report["file"]));
        Assert.Equal(File.ReadAllBytes(child.LibraryFile), File.ReadAllBytes(report["file"]));
        Assert.Equal("0", report["warnings"]);
        AssertStepped(report);
    }

    [NativeFact]
    public void The_variable_keeps_a_sound_library_from_being_used()
    {
        using ChildProcess child = new();
        File.Copy(LoadedLibrary, child.LibraryFile);
        Dictionary<string, string> report = child.Run(backend: "managed");
        Assert.Equal("Managed", report["kind"]);
        Assert.Equal("(null)", report["reason"]);
        Assert.Equal("0", report["warnings"]);
        AssertStepped(report);
    }

    private static string LoadedLibrary => LibraryProbe.Result.File!;

    private static void AssertFellBack(ChildProcess child, string reason)
    {
        Dictionary<string, string> report = child.Run();
        Assert.Equal("Managed", report["kind"]);
        Assert.Equal("(null)", report["file"]);
        Assert.Contains(reason, report["reason"], StringComparison.Ordinal);
        Assert.Equal("True", report["same"]);
        Assert.Equal("1", report["warnings"]);
        Assert.Contains(report["reason"], report["warning"], StringComparison.Ordinal);
        Assert.Equal("1", report["late"]);
        AssertStepped(report);
    }

    private static void AssertStepped(Dictionary<string, string> report) => Assert.Equal("0 1 2", report["weights"]);
}
