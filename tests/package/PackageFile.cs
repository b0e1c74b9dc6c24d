using System.IO.Compression;

namespace NativeAdamax.Package.Tests;

/// <summary>The package under test, which NATIVE_ADAMAX_PACKAGE names, and the package of symbols beside it.</summary>
internal static class PackageFile
{
    private const string Variable = "NATIVE_ADAMAX_PACKAGE";

    /// <summary>The file; a test that asks for it is skipped where there is none.</summary>
    public static string Name
    {
        get
        {
            string? file = Environment.GetEnvironmentVariable(Variable);
            Skip.If(string.IsNullOrEmpty(file), $"{Variable} names no package.");
            return Path.GetFullPath(file);
        }
    }

    public static string SymbolsName => Path.ChangeExtension(Name, ".snupkg");

    /// <summary>The folder that the package was made in, with its libraries and the list of the missing ones.</summary>
    public static string Artifacts => Path.GetDirectoryName(Path.GetDirectoryName(Name))!;

    /// <summary>The files of a package without those that the format itself asks for.</summary>
    public static string[] Files(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName).Where(IsContent).Order(StringComparer.Ordinal)];
    }

    public static byte[] Read(string package, string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        ZipArchiveEntry? entry = archive.GetEntry(path);
        Assert.True(entry is not null, $"{package} has no {path}");
        using Stream stream = entry.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The native libraries: their runtime identifiers and their paths.</summary>
    public static IEnumerable<(string Rid, string Path)> Libraries() =>
        from path in Files(Name)
        let parts = path.Split('/')
        where parts is ["runtimes", _, "native", _]
        select (parts[1], path);

    private static bool IsContent(string path) =>
        path is not ("[Content_Types].xml" or "_rels/.rels") && !path.StartsWith("package/", StringComparison.Ordinal);
}
