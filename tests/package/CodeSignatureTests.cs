namespace NativeAdamax.Package.Tests;

/// <summary>Apple's processors kill a program that loads a library whose signature does not fit.</summary>
public sealed class CodeSignatureTests
{
    [SkippableTheory]
    [InlineData("osx-arm64")]
    [InlineData("osx-x64")]
    public void TheSignatureFitsTheLibrary(string rid) => Assert.Null(CodeSignature.Fault(Library(rid)));

    [SkippableTheory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.97)]
    public void AChangedByteIsNoticed(double place)
    {
        byte[] library = Library("osx-arm64");
        library[(int)(place * library.Length) + 100] ^= 1;
        Assert.Contains("page", CodeSignature.Fault(library), StringComparison.Ordinal);
    }

    private static byte[] Library(string rid)
    {
        string? path = PackageFile.Libraries().FirstOrDefault(library => library.Rid == rid).Path;
        Skip.If(path is null, $"the package has no library for {rid}");
        return PackageFile.Read(PackageFile.Name, path);
    }
}
