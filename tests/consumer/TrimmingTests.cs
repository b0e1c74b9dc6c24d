using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NativeAdamax.Consumer.Tests;

/// <summary>
/// All of the library, not only what a program happens to reach, goes through the trimmer and the native compiler: a
/// warning is an error there, as it is in the program's project.
/// </summary>
[Collection(nameof(Consumer))]
public sealed class TrimmingTests(Consumer consumer)
{
    private static readonly string[] AllOfIt = ["-p:WholeLibrary=true", "-p:TrimmerSingleWarn=false"];

    [SkippableFact]
    public void NothingOfTheLibraryWarnsWhenTrimmed()
    {
        string folder = consumer.Publish(
            "whole and trimmed",
            ["-r", Machine.Rid, "--self-contained", "-p:PublishTrimmed=true", "-p:TrimMode=full", .. AllOfIt]);
        byte[] whole = File.ReadAllBytes(Path.Combine(folder, "NativeAdamax.dll"));
        Assert.Equal(TypeNames(Package.Read("lib/net10.0/NativeAdamax.dll")), TypeNames(whole));
    }

    [SkippableFact]
    public void NothingOfTheLibraryWarnsWhenCompiledToNativeCode()
    {
        Skip.If(OperatingSystem.IsWindows(), "The linker's place is taken by a program that only Unix has.");

        // The same compiler for every target; its packages for this one are there where others are not.
        string[] compileOnly =
        [
            "msbuild", "-restore", "-t:ComputeResolvedFilesToPublishList", "-p:_IsPublishing=true",
            "-p:Configuration=Release", "-p:RuntimeIdentifier=win-x64", "-p:PublishAot=true",
            "-p:DisableUnsupportedError=true", "-p:IlcUseEnvironmentalTools=true",
            $"-p:CppLinker={Machine.Tool("true")}",
        ];
        Project project = consumer.MakeProject("native");
        string path = Machine.PathWithoutCompiler + Path.PathSeparator + FolderWithShell();
        Command command = project.Dotnet(
            [.. compileOnly, .. AllOfIt], new Dictionary<string, string> { ["PATH"] = path });
        Assert.Contains("Generating native code", command.Output, StringComparison.Ordinal);
        string compiled = Assert.Single(
            Directory.GetFiles(project.Folder, "Consumer.obj", SearchOption.AllDirectories));
        Assert.True(File.ReadAllBytes(compiled).AsSpan().IndexOf("na_first_nonfinite_f32"u8) >= 0);
    }

    [SkippableFact]
    public void TheAssemblySaysThatItCanBeTrimmed()
    {
        using MemoryStream bytes = new(Package.Read("lib/net10.0/NativeAdamax.dll"));
        using PEReader file = new(bytes);
        MetadataReader reader = file.GetMetadataReader();
        string[] metadata = [.. reader.GetAssemblyDefinition().GetCustomAttributes()
            .Select(handle => reader.GetBlobReader(reader.GetCustomAttribute(handle).Value))
            .Select(Strings)];
        Assert.Contains("IsTrimmable=True", metadata);
    }

    /// <summary>The compiler is started by a shell, whose own folder may have a C compiler.</summary>
    private string FolderWithShell()
    {
        string folder = Directory.CreateDirectory(consumer.Folder("shell")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "sh"), "/bin/sh");
        return folder;
    }

    /// <summary>The two strings of an AssemblyMetadataAttribute; of other attributes, nothing that matters.</summary>
    private static string Strings(BlobReader value)
    {
        const ushort prolog = 1;
        if (value.Length < 4 || value.ReadUInt16() != prolog)
            return "";

        try
        {
            return value.ReadSerializedString() + "=" + value.ReadSerializedString();
        }
        catch (BadImageFormatException)
        {
            return "";
        }
    }

    private static string[] TypeNames(byte[] assembly)
    {
        using MemoryStream bytes = new(assembly);
        using PEReader file = new(bytes);
        MetadataReader reader = file.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => reader.GetString(type.Name))
            .Order(StringComparer.Ordinal)];
    }
}
