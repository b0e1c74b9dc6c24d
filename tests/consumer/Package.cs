using System.IO.Compression;
using System.Text.RegularExpressions;

namespace NativeAdamax.Consumer.Tests;

/// <summary>The package under test: the file that NATIVE_ADAMAX_PACKAGE names.</summary>
internal static partial class Package
{
    private const string Variable = "NATIVE_ADAMAX_PACKAGE";

    /// <summary>The file; a test that asks for it is skipped where there is none.</summary>
    public static string File
    {
        get
        {
            string? file = Environment.GetEnvironmentVariable(Variable);
            Skip.If(string.IsNullOrEmpty(file), $"{Variable} names no package.");
            return Path.GetFullPath(file);
        }
    }

    public static string Version => FileName().Match(Path.GetFileName(File)).Groups[1].Value;

    /// <summary>Where the package has the native library for a runtime identifier; null where it has none.</summary>
    public static string? AssetFor(string rid)
    {
        using ZipArchive package = ZipFile.OpenRead(File);
        return package.Entries.Select(entry => entry.FullName)
            .FirstOrDefault(path => path.StartsWith($"runtimes/{rid}/native/", StringComparison.Ordinal));
    }

    /// <summary>Skips the test where the package was made without the library that it needs.</summary>
    public static void MustHaveAssetFor(string rid) =>
        Skip.If(AssetFor(rid) is null, $"{Path.GetFileName(File)} has no native library for {rid}.");

    public static byte[] Read(string path)
    {
        using ZipArchive package = ZipFile.OpenRead(File);
        using Stream stream = package.GetEntry(path)!.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"^NativeAdamax\.(\d.*)\.nupkg$", RegexOptions.IgnoreCase)]
    private static partial Regex FileName();
}
