using System.Buffers.Binary;
using System.Xml.Linq;

namespace NativeAdamax.Package.Tests;

/// <summary>What a user gets with the package: these files and these dependencies, and no others.</summary>
public sealed class ContentsTests
{
    private static readonly string[] Platforms =
    [
        "linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64",
        "osx-arm64", "osx-x64", "win-arm64", "win-x64",
    ];

    [SkippableFact]
    public void EveryPlatformHasItsLibraryOrIsSaidToBeMissing()
    {
        string[] missing = [.. File.ReadLines(Path.Combine(PackageFile.Artifacts, "assets", "missing.txt"))
            .Select(line => line.Split(' ')[0])];
        Assert.Empty(missing.Except(Platforms));
        Assert.Equal(Platforms.Except(missing), PackageFile.Libraries().Select(library => library.Rid));
    }

    [SkippableFact]
    public void NothingElseIsInThePackage()
    {
        string[] files = PackageFile.Files(PackageFile.Name);
        string[] libraries = [.. PackageFile.Libraries().Select(library => library.Path)];
        Assert.Equal(
            [
                "LICENSE", "NativeAdamax.nuspec", "README.md", "icon.png",
                "lib/net10.0/NativeAdamax.dll", "lib/net10.0/NativeAdamax.xml",
            ],
            files.Except(libraries));
        Assert.All(
            PackageFile.Libraries(),
            library => Assert.Equal(FileName(library.Rid), Path.GetFileName(library.Path)));
    }

    [SkippableFact]
    public void TheLibrariesAreThoseThatWereTested()
    {
        foreach ((string rid, string path) in PackageFile.Libraries())
        {
            string file = Path.Combine(PackageFile.Artifacts, "assets", rid, "native", Path.GetFileName(path));
            byte[] packed = PackageFile.Read(PackageFile.Name, path);
            Assert.True(packed.AsSpan().SequenceEqual(File.ReadAllBytes(file)), path);
        }
    }

    [SkippableFact]
    public void ALibraryIsForThePlatformThatItsFolderNames()
    {
        foreach ((string rid, string path) in PackageFile.Libraries())
        {
            string platform = rid.Replace("-musl", "", StringComparison.Ordinal);
            Assert.Equal((path, platform), (path, PlatformOf(PackageFile.Read(PackageFile.Name, path))));
        }
    }

    [SkippableFact]
    public void TheDependenciesAreThreeAndNoAnalyzerFlows()
    {
        XElement[] dependencies = [.. Nuspec().Descendants().Where(e => e.Name.LocalName == "dependency")];
        Assert.Equal(
            [
                "CommunityToolkit.HighPerformance",
                "Microsoft.Extensions.Logging.Abstractions",
                "System.Numerics.Tensors",
            ],
            dependencies.Select(d => (string?)d.Attribute("id")).Order(StringComparer.Ordinal));
        Assert.All(dependencies, d => Assert.Equal("Build,Analyzers", (string?)d.Attribute("exclude")));
        XElement group = Assert.Single(Nuspec().Descendants(), e => e.Name.LocalName == "group");
        Assert.Equal("net10.0", (string?)group.Attribute("targetFramework"));
    }

    [SkippableFact]
    public void ThePackageSaysWhatItIs()
    {
        Assert.Equal("MIT", Metadata("license"));
        Assert.Equal("README.md", Metadata("readme"));
        Assert.Equal("icon.png", Metadata("icon"));
        Assert.NotEmpty(Metadata("description"));
        Assert.EndsWith($"NativeAdamax.{Metadata("version")}.nupkg", PackageFile.Name, StringComparison.Ordinal);
        XElement? repository = Nuspec().Descendants().SingleOrDefault(e => e.Name.LocalName == "repository");
        Assert.Null(repository?.Attribute("branch"));
    }

    [SkippableFact]
    public void TheIconIsAPictureOfTheSizeThatNuGetShows()
    {
        byte[] png = PackageFile.Read(PackageFile.Name, "icon.png");
        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    private static XDocument Nuspec()
    {
        using MemoryStream nuspec = new(PackageFile.Read(PackageFile.Name, "NativeAdamax.nuspec"));
        return XDocument.Load(nuspec);
    }

    private static string Metadata(string name) =>
        Assert.Single(Nuspec().Descendants(), e => e.Name.LocalName == name).Value;

    private static string FileName(string rid) =>
        rid.StartsWith("win", StringComparison.Ordinal) ? "native_adamax.dll"
        : rid.StartsWith("osx", StringComparison.Ordinal) ? "libnative_adamax.dylib"
        : "libnative_adamax.so";

    private static string PlatformOf(ReadOnlySpan<byte> file)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        if (magic == 0x464c457f) // ELF
        {
            int machine = BinaryPrimitives.ReadUInt16LittleEndian(file[18..]);
            return machine switch { 62 => "linux-x64", 183 => "linux-arm64", _ => $"ELF of machine {machine}" };
        }

        if (magic == 0xfeedfacf) // Mach-O
        {
            int machine = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
            return machine switch
            {
                0x01000007 => "osx-x64",
                0x0100000c => "osx-arm64",
                _ => $"Mach-O of machine {machine}",
            };
        }

        int pe = BinaryPrimitives.ReadInt32LittleEndian(file[60..]);
        int type = BinaryPrimitives.ReadUInt16LittleEndian(file[(pe + 4)..]);
        return type switch { 0x8664 => "win-x64", 0xaa64 => "win-arm64", _ => $"PE of machine {type}" };
    }
}
