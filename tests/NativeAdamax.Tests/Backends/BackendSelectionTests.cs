namespace NativeAdamax.Tests.Backends;

public sealed class BackendSelectionTests
{
    [Theory]
    [InlineData("managed", BackendKind.Managed, Isa.Best)]
    [InlineData("native", BackendKind.Native, Isa.Best)]
    [InlineData("native:portable", BackendKind.Native, Isa.Portable)]
    [InlineData("native:avx2", BackendKind.Native, Isa.Avx2)]
    [InlineData("native:avx512", BackendKind.Native, Isa.Avx512)]
    [InlineData("native:neon", BackendKind.Native, Isa.Neon)]
    public void ASelectionReadsWhatItWrites(string text, BackendKind kind, Isa isa)
    {
        BackendSelection selection = new(kind, isa);
        Assert.Equal(selection, BackendSelection.Parse(text));
        Assert.Equal(selection, BackendSelection.Parse(" " + text.ToUpperInvariant()));
        Assert.Equal(text, selection.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("native:")]
    [InlineData("native:best")]
    [InlineData("native:sse9")]
    [InlineData("managed:avx2")]
    public void ATextOfAnotherFormIsRefusedAndTheFormsAreTold(string text)
    {
        Assert.False(BackendSelection.TryParse(text, out _));
        FormatException error = Assert.Throws<FormatException>(() => BackendSelection.Parse(text));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("native:avx512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANullTextIsRefused()
    {
        Assert.False(BackendSelection.TryParse(null, out _));
        Assert.Throws<ArgumentNullException>("text", () => BackendSelection.Parse(null!));
    }
}
