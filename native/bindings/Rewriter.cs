namespace NativeAdamax.Bindings;

/// <summary>From the generator's output to the file that is committed.</summary>
internal static class Rewriter
{
    /// <param name="generated">The C# that the generator made of the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="heading">The comment on top; {sha256} in it becomes the header's SHA-256.</param>
    /// <exception cref="BindingsException">
    /// The output has something that is not understood, or does not declare exactly what the header declares.
    /// </exception>
    public static string Rewrite(string generated, string header, string heading)
    {
        var text = new HeaderText(header);
        Declarations bindings = text.InOrder(BindingsReader.Read(generated));
        return BindingsWriter.Write(bindings, heading.Replace("{sha256}", text.Sha256, StringComparison.Ordinal));
    }
}
