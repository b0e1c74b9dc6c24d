using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NativeAdamax.Package.Tests;

/// <summary>A debugger finds the assembly's symbols and sources, and neither tells where it was built.</summary>
public sealed partial class SymbolsTests
{
    private const string AssemblyPath = "lib/net10.0/NativeAdamax.dll";

    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [SkippableFact]
    public void TheSymbolsBelongToTheAssembly()
    {
        string[] files = PackageFile.Files(PackageFile.SymbolsName);
        Assert.Equal(["NativeAdamax.nuspec", "lib/net10.0/NativeAdamax.pdb"], files);
        using PEReader assembly = OpenAssembly();
        DebugDirectoryEntry[] entries = [.. assembly.ReadDebugDirectory()];
        DebugDirectoryEntry codeView = Assert.Single(entries, e => e.Type == DebugDirectoryEntryType.CodeView);
        using MetadataReaderProvider symbols = OpenSymbols();
        BlobContentId id = new(symbols.GetMetadataReader().DebugMetadataHeader!.Id);
        Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(codeView).Guid, id.Guid);
        Assert.Equal(codeView.Stamp, id.Stamp);
        Assert.Contains(entries, e => e.Type == DebugDirectoryEntryType.Reproducible);
    }

    [SkippableFact]
    public void NoFolderOfTheBuildersMachineIsNamed()
    {
        using MetadataReaderProvider symbols = OpenSymbols();
        string[] documents = Documents(symbols.GetMetadataReader());
        Assert.NotEmpty(documents);
        Assert.All(documents, d => Assert.Matches(MappedPath(), d));
        using PEReader assembly = OpenAssembly();
        DebugDirectoryEntry codeView =
            assembly.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        Assert.Matches(MappedPath(), assembly.ReadCodeViewDebugDirectoryData(codeView).Path);
    }

    [SkippableFact]
    public void EverySourceIsLinkedOrEmbedded()
    {
        using MemoryStream nuspec = new(PackageFile.Read(PackageFile.Name, "NativeAdamax.nuspec"));
        XElement repository = XDocument.Load(nuspec).Descendants().Single(e => e.Name.LocalName == "repository");
        Skip.If(
            repository.Attribute("url") is null,
            "The repository has no remote to link the sources to; the suite package-again gives a copy of it one.");

        using MetadataReaderProvider symbols = OpenSymbols();
        MetadataReader reader = symbols.GetMetadataReader();
        CustomDebugInformation[] all = [.. reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)];
        CustomDebugInformation link = Assert.Single(all, info => reader.GetGuid(info.Kind) == SourceLink);
        using JsonDocument map = JsonDocument.Parse(reader.GetBlobBytes(link.Value));
        JsonProperty folder = Assert.Single(map.RootElement.GetProperty("documents").EnumerateObject());
        Assert.Contains((string)repository.Attribute("commit")!, folder.Value.GetString(), StringComparison.Ordinal);

        string[] embedded = [.. all.Where(info => reader.GetGuid(info.Kind) == EmbeddedSource)
            .Select(info => reader.GetString(reader.GetDocument((DocumentHandle)info.Parent).Name))];
        Assert.All(
            Documents(reader).Except(embedded),
            d => Assert.StartsWith(folder.Name.TrimEnd('*'), d, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void TheDocumentationDescribesThePublicTypes()
    {
        using PEReader assembly = OpenAssembly();
        MetadataReader reader = assembly.GetMetadataReader();
        string documentation =
            Encoding.UTF8.GetString(PackageFile.Read(PackageFile.Name, Path.ChangeExtension(AssemblyPath, ".xml")));
        string[] types = [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(t => (t.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(t => $"{reader.GetString(t.Namespace)}.{reader.GetString(t.Name)}")];
        Assert.Contains("NativeAdamax.Adamax", types);
        Assert.All(types, t => Assert.Contains($"name=\"T:{t}\"", documentation, StringComparison.Ordinal));
    }

    private static string[] Documents(MetadataReader reader) =>
        [.. reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name))];

    private static PEReader OpenAssembly() => new(new MemoryStream(PackageFile.Read(PackageFile.Name, AssemblyPath)));

    private static MetadataReaderProvider OpenSymbols() => MetadataReaderProvider.FromPortablePdbStream(
        new MemoryStream(PackageFile.Read(PackageFile.SymbolsName, Path.ChangeExtension(AssemblyPath, ".pdb"))));

    [GeneratedRegex(@"^/_\d?/")]
    private static partial Regex MappedPath();
}
