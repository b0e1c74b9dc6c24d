namespace NativeAdamax.Consumer.Tests;

/// <summary>Platforms other than this one: run where they can be, and where not, what a program would get.</summary>
[Collection(nameof(Consumer))]
public sealed class PlatformTests(Consumer consumer, Platforms platforms) : IClassFixture<Platforms>
{
    [SkippableTheory]
    [InlineData("linux-x64", "linux-x64")]
    [InlineData("linux-arm64", "linux-arm64")]
    [InlineData("linux-musl-x64", "linux-musl-x64")]
    [InlineData("linux-musl-arm64", "linux-musl-arm64")]
    [InlineData("win-x64", "win-x64")]
    [InlineData("win-arm64", "win-arm64")]
    [InlineData("osx-x64", "osx-x64")]
    [InlineData("osx-arm64", "osx-arm64")]
    [InlineData("android-x64", "linux-x64")]
    [InlineData("android-arm64", "linux-arm64")]
    public void AProgramGetsTheLibraryOfItsPlatform(string rid, string asset)
    {
        Package.MustHaveAssetFor(asset);
        Assert.Equal([Package.AssetFor(asset)!], platforms.LibrariesOf(rid));
    }

    [SkippableTheory]
    [InlineData("win-x86")]
    [InlineData("linux-arm")]
    [InlineData("android-arm")]
    public void WhereThePackageHasNoLibraryManagedKernelsServe(string rid)
    {
        Assert.Empty(platforms.LibrariesOf(rid));
        string folder = consumer.Folder("for " + rid);
        platforms.Project.Dotnet(["build", "--no-restore", "-r", rid, "-o", folder], Platforms.WithoutTheirParts);
        Assert.Empty(Libraries(folder));
        Command command = Command.Run(Machine.Dotnet, [Path.Combine(folder, "Consumer.dll")], folder);
        Report.Of(command).AssertFellBack(consumer.Hash);
    }

    [SkippableFact]
    public void WindowsUsesTheLibraryAndGetsTheSameBits()
    {
        Skip.If(OperatingSystem.IsWindows(), "This is Windows: the other tests ran there.");
        string wine = Machine.Tool("wine64", "/usr/lib/wine/wine64");
        string server = Machine.Tool("wineserver", "/usr/lib/wine/wineserver");
        Package.MustHaveAssetFor("win-x64");
        string folder = consumer.Publish("windows", "-r", "win-x64", "--self-contained");
        Dictionary<string, string> prefix = new() { ["WINEPREFIX"] = consumer.Folder("wine"), ["WINEDEBUG"] = "-all" };
        Report Run() => Report.Of(Command.Run(wine, [Path.Combine(folder, "Consumer.exe")], folder, prefix));

        Report report = Run();
        report.AssertNative(consumer.Hash);
        Assert.EndsWith(@"\windows\native_adamax.dll", report.File, StringComparison.Ordinal);
        File.Delete(Assert.Single(Libraries(folder)));
        Run().AssertFellBack(consumer.Hash);
        Command.Run(server, ["-k"], folder, prefix);
    }

    [SkippableFact]
    public void TheRuntimeOfBrowsersUsesManagedKernelsAndGetsTheSameBits()
    {
        string node = Machine.Tool("node");
        Assert.Empty(platforms.LibrariesOf("browser-wasm"));
        Project project = consumer.MakeProject("for browsers");
        project.Dotnet("restore", "-r", "browser-wasm", "-p:BrowserRuntime=true");
        string runtime = Path.Combine(Platforms.DownloadedBy(project), "runtimes", "browser-wasm");
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(runtime, "native"), "dotnet*.js"),
            .. Directory.GetFiles(Path.Combine(runtime, "native"), "dotnet*.wasm"),
            .. Directory.GetFiles(Path.Combine(runtime, "native"), "*.dll"),
            .. Directory.GetFiles(Path.Combine(runtime, "lib", "net10.0"), "*.dll"),
            .. Directory.GetFiles(consumer.Portable, "*.dll"),
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "browser")),
        ];
        string folder = Directory.CreateDirectory(consumer.Folder("browser")).FullName;
        foreach (string file in files)
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

        Report.Of(Command.Run(node, ["main.mjs"], folder)).AssertFellBack(consumer.Hash);
    }

    private static string[] Libraries(string folder) =>
        Directory.GetFiles(folder, "*native_adamax.*", SearchOption.AllDirectories);
}
