using System.Buffers.Binary;
using System.Text;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>The worked example of the document is what the library writes.</summary>
public sealed class FormatExampleTests
{
    private const string Begin = "<!-- example -->\n", End = "<!-- end of example -->";

    [Fact]
    public void TheExampleOfTheDocumentIsWhatIsWritten()
    {
        using Parameter weights = Parameter.Create([1f, -2f], "w");
        weights.CopyGradient([0.5f, 0]);
        using Adamax optimizer = new([weights]);
        optimizer.Step();
        MemoryStream stream = new();
        optimizer.Save(stream);
        byte[] file = stream.ToArray();
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string example = $"{Begin}```text\n{Dump(file, 0, 64)}```\n\n```json\n{Encoding.UTF8.GetString(file, 8, header).TrimEnd(' ')}\n```\n\n"
            + $"```text\n{Dump(file, 8 + header, file.Length)}```\n";

        string path = Path.Combine(Repository.Root, "docs", "checkpoint-format.md");
        string document = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin > 0 && end > begin);
        if (Environment.GetEnvironmentVariable("NATIVE_ADAMAX_UPDATE_DOCS") == "1")
            File.WriteAllText(path, document[..begin] + example + document[end..]);
        else
            Assert.Equal(example, document[begin..end]);
    }

    private static string Dump(byte[] file, int from, int to)
    {
        StringBuilder text = new();
        for (int at = from; at < to; at += 16)
        {
            byte[] line = file[at..Math.Min(at + 16, to)];
            string hex = string.Join(' ', line.Select(b => $"{b:x2}"));
            string shown = string.Concat(line.Select(b => b is >= 0x20 and < 0x7f ? (char)b : '.'));
            text.Append($"{at:x8}  {hex,-47}  {shown}\n");
        }

        return text.ToString();
    }
}
