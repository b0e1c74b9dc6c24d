using System.Runtime.InteropServices;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;
using Cpu = System.Runtime.InteropServices.Architecture;

namespace NativeAdamax.Tests.Backends;

/// <summary>Each way in which the native library can be wrong, produced for a process of its own.</summary>
public sealed class FallbackTests
{
    [Fact]
    public void WithoutTheLibraryManagedKernelsAreUsedAndTheReasonIsToldOnce()
    {
        using ChildProcess child = new();
        AssertFellBack(child, $"The native library was not found: no {ChildProcess.LibraryName} in ");
    }

    [Fact]
    public void AFileThatIsNotALibraryFallsBack()
    {
        using ChildProcess child = new();
        File.WriteAllText(child.LibraryFile, string.Concat(Enumerable.Repeat("This is not a library.\n", 100)));
        AssertFellBack(child, "cannot be loaded: it is not a");
    }

    [Fact]
    public void AnEmptyFileFallsBack()
    {
        using ChildProcess child = new();
        File.WriteAllText(child.LibraryFile, "");
        AssertFellBack(child, "cannot be loaded: it is not a");
    }

    [Theory]
    [InlineData(40, "cannot be loaded: its header is cut after 40 bytes.")]
    [InlineData(200, "cannot be loaded: ")]
    public void ALibraryWhoseHeaderIsCutFallsBack(int bytes, string reason)
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.SomeLibrary()[..bytes]);
        AssertFellBack(child, reason);
    }

    [Fact]
    public void ALibraryForAnotherArchitectureFallsBack()
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.ForAnotherArchitecture());
        Cpu here = RuntimeInformation.ProcessArchitecture;
        Cpu other = here == Cpu.Arm64 ? Cpu.X64 : Cpu.Arm64;
        AssertFellBack(child, $"cannot be loaded: it is for {other}, and this process is {here}.");
    }

    [Fact]
    public void ALibraryWithoutOurFunctionsFallsBack()
    {
        using ChildProcess child = new();
        File.WriteAllBytes(child.LibraryFile, WrongLibraries.SomeLibrary());
        AssertFellBack(child, "na_abi_version");
    }

    [CompilerFact]
    public void ALibraryThatLacksOneFunctionWhicheverFallsBack()
    {
        using ChildProcess child = new();
        foreach (string function in WrongLibraries.Functions)
        {
            WrongLibraries.Compile(child.LibraryFile, version: NativeMethods.NA_ABI_VERSION, without: function);
            AssertFellBack(child, function);
        }
    }

    [Fact]
    public void AFolderInTheLibrarysPlaceFallsBack()
    {
        using ChildProcess child = new();
        Directory.CreateDirectory(child.LibraryFile);
        AssertFellBack(child, "cannot be read: ");
    }

    [CompilerFact]
    public void ALibraryOfAnotherAbiVersionFallsBack()
    {
        using ChildProcess child = new();
        WrongLibraries.Compile(child.LibraryFile, version: 4711, without: null);
        AssertFellBack(child, "ABI version 4711");
    }

    [CompilerFact]
    public void ALibraryThatAnswersNonsenseFallsBack()
    {
        using ChildProcess child = new();
        WrongLibraries.Compile(child.LibraryFile, version: NativeMethods.NA_ABI_VERSION, without: null, status: 99);
        AssertFellBack(child, "does not answer as its header says");
    }

    [Fact]
    public void AskingForNativeWhereItIsMissingIsAnErrorThatSaysWhatIsThere()
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
    public void ABackendVariableThatMakesNoSenseIsAnErrorThatSaysWhatIsThere()
    {
        using ChildProcess child = new();
        Dictionary<string, string> report = child.Run(backend: "gpu");
        Assert.StartsWith("NATIVE_ADAMAX_BACKEND=gpu ", report["unavailable"], StringComparison.Ordinal);
    }

    [NativeFact]
    public void TheLibraryBesideTheAssemblyIsUsedAndNamed()
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
    public void TheVariableKeepsASoundLibraryFromBeingUsed()
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
