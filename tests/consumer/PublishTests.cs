namespace NativeAdamax.Consumer.Tests;

/// <summary>A reference to the package is all that a program needs, however it is run or published.</summary>
[Collection(nameof(Consumer))]
public sealed class PublishTests(Consumer consumer)
{
    private static readonly string[] Self = ["-r", Machine.Rid, "--self-contained"];

    private static readonly Dictionary<string, string[]> Modes = new()
    {
        ["framework-dependent"] = [],
        ["framework-dependent for one platform"] = ["-r", Machine.Rid, "--no-self-contained"],
        ["self-contained"] = Self,
        ["single file"] = [.. Self, "-p:PublishSingleFile=true"],
        ["trimmed"] = [.. Self, "-p:PublishTrimmed=true", "-p:TrimMode=full"],
        ["ready to run"] = [.. Self, "-p:PublishReadyToRun=true"],
    };

    public static TheoryData<string> ModeNames => [.. Modes.Keys];

    [SkippableFact]
    public void TheReferenceIsEnoughForDotnetRun()
    {
        Package.MustHaveAssetFor(Machine.Rid);
        Report.Of(consumer.Project.Dotnet("run")).AssertNative(consumer.Hash);
        DeleteLibrary(Path.Combine(consumer.Project.Folder, "bin", "Debug"));
        Report.Of(consumer.Project.Dotnet("run", "--no-build")).AssertFellBack(consumer.Hash);
    }

    [SkippableTheory]
    [MemberData(nameof(ModeNames))]
    public void WhatIsPublishedHasTheLibraryBesideItAndDoesWithoutIt(string mode)
    {
        Package.MustHaveAssetFor(Machine.Rid);
        string folder = consumer.Publish(mode, Modes[mode]);
        Report report = Run(folder);
        report.AssertNative(consumer.Hash);
        Assert.Contains(mode, report.File, StringComparison.Ordinal);

        DeleteLibrary(folder);
        Run(folder).AssertFellBack(consumer.Hash);
    }

    [SkippableFact]
    public void ASingleFileCanHoldTheLibraryToo()
    {
        Package.MustHaveAssetFor(Machine.Rid);
        string[] withLibraries = ["-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true"];
        string folder = consumer.Publish("all in one file", [.. Self, .. withLibraries, "-p:DebugType=none"]);
        string only = Assert.Single(Directory.GetFileSystemEntries(folder));
        Assert.Equal(Machine.Program("Consumer"), Path.GetFileName(only));

        string unpackedTo = consumer.Folder("unpacked");
        Dictionary<string, string> unpacked = new() { ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = unpackedTo };
        Report report = Run(folder, unpacked);
        report.AssertNative(consumer.Hash);
        Assert.Contains(Path.GetFileName(unpackedTo), report.File, StringComparison.Ordinal);

        // The host unpacks anew what is not there any more.
        DeleteLibrary(unpackedTo);
        Run(folder, unpacked).AssertNative(consumer.Hash);
    }

    [SkippableFact]
    public void AProgramCompiledToNativeCodeHasTheLibraryBesideItAndDoesWithoutIt()
    {
        Package.MustHaveAssetFor(Machine.Rid);
        // The one way of publishing that needs a linker, and so the machine's own path.
        Dictionary<string, string> path = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" };
        string folder = consumer.Folder("native code");
        consumer.Project.Dotnet(["publish", "-r", Machine.Rid, "-p:PublishAot=true", "-o", folder], path);
        Run(folder).AssertNative(consumer.Hash);

        DeleteLibrary(folder);
        Run(folder).AssertFellBack(consumer.Hash);
    }

    private static Report Run(string folder, IReadOnlyDictionary<string, string>? variables = null) =>
        Report.Of(Command.Run(Path.Combine(folder, Machine.Program("Consumer")), [], folder, variables));

    private static void DeleteLibrary(string folder)
    {
        string[] files = Directory.GetFiles(folder, "*native_adamax.*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Array.ForEach(files, File.Delete);
    }
}
