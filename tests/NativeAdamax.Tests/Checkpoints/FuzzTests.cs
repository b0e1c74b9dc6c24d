using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>
/// Changed checkpoints, always the same ones: each is loaded whole or refused with a specific error, and then nothing has
/// changed. The files it begins with are in tests/corpus.
/// </summary>
[Trait("Category", "Once")]
public sealed partial class FuzzTests
{
    private const int Files = 4000;

    private static readonly string[] Words =
    [
        "0", "-1", "1", "1e3", "0.5", "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e999", "null",
        "true", "[]", "{}", "\"\"", "\"x\"", "\"NaN\"", "\"Infinity\"", "[0,0]", "\"F32\"", "\"I64\"", "\"\\ud800\"",
    ];

    /// <summary>Longer: NATIVE_ADAMAX_FUZZ=600 goes on for ten minutes, with files of its own.</summary>
    private static int Seconds =>
        int.TryParse(Environment.GetEnvironmentVariable("NATIVE_ADAMAX_FUZZ"), CultureInfo.InvariantCulture, out int n) ? n : 0;

    private static string[] Corpus =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "safetensors"), "*.safetensors").Order(StringComparer.Ordinal).ToArray();

    [Fact]
    public void EveryFileOfTheCorpusIsLoadedOrRefused()
    {
        Assert.True(Corpus.Length >= 5);
        foreach (string file in Corpus)
        {
            using Run run = New(file);
            byte[] bytes = File.ReadAllBytes(file), before = run.Save();
            if (Path.GetFileName(file).StartsWith("valid", StringComparison.Ordinal))
                Assert.True(run.Load(bytes).IsComplete, file);
            else
                Try(run, bytes, before, new LoadOptions(), file);
        }
    }

    [Fact]
    public void AChangedFileIsLoadedWholeOrRefusedWithoutATrace()
    {
        string[] corpus = Corpus;
        byte[][] seeds = [.. corpus.Select(File.ReadAllBytes)];
        Run[] runs = [.. corpus.Select(New)];
        byte[][] before = [.. runs.Select(r => r.Save())];
        Stopwatch watch = Stopwatch.StartNew();
        Random random = new(Seconds > 0 ? Environment.ProcessId : 20241121);
        int loaded = 0, total = 0;
        for (; total < Files || watch.Elapsed.TotalSeconds < Seconds; total++)
        {
            int i = random.Next(seeds.Length);
            byte[] file = Mutate(seeds[i], seeds[random.Next(seeds.Length)], random);
            LoadOptions options = new()
            {
                Strict = random.Next(2) == 0,
                VerifyChecksums = random.Next(2) == 0,
                Run = random.Next(4) > 0,
            };
            if (Try(runs[i], file, before[i], options, $"seed {Path.GetFileName(corpus[i])}, file {total}"))
            {
                loaded++;
                runs[i].Dispose();
                runs[i] = New(corpus[i]);
                before[i] = runs[i].Save();
            }
        }

        foreach (Run run in runs)
            run.Dispose();
        Assert.InRange(loaded, 1, total * 9 / 10);
    }

    /// <summary>True: it was loaded.</summary>
    private static bool Try(Run run, byte[] file, byte[] before, LoadOptions options, string what)
    {
        try
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                run.Load(file, options);
                run.Call();
                return true;
            }
            catch (Exception e) when (e is CheckpointFormatException or CheckpointMismatchException)
            {
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                Assert.True(allocated < 40L * file.Length + 200_000, $"{allocated} bytes for a file of {file.Length}");
                Assert.True(run.Save().AsSpan().SequenceEqual(before), $"changed by what was refused: {e.Message}");
                return false;
            }
        }
        catch (Exception e)
        {
            string kept = Path.Combine(Path.GetTempPath(), $"fuzz-{file.Length}-{file.Aggregate(0u, (h, b) => h * 31 + b):x}.safetensors");
            File.WriteAllBytes(kept, file);
            throw new InvalidOperationException($"{what}, kept as {kept} for the corpus", e);
        }
    }

    private static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        int length = (int)Math.Min(BinaryPrimitives.ReadInt64LittleEndian(seed), seed.Length - 8);
        List<byte> header = [.. seed.AsSpan(8, length)], data = [.. seed.AsSpan(8 + length)];
        bool keepsLength = random.Next(8) == 0;
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            switch (random.Next(8))
            {
                case 0:
                case 1:
                    header = Replaced(header, random);
                    break;
                case 2:
                    header[random.Next(header.Count)] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    Cut(header, random);
                    break;
                case 4:
                    byte[] part = other[..random.Next(Math.Min(other.Length, 300))];
                    header.InsertRange(random.Next(header.Count + 1), part);
                    break;
                case 5 when data.Count > 0:
                    data[random.Next(data.Count)] ^= (byte)random.Next(256);
                    break;
                case 6:
                    Cut(data, random);
                    break;
                default:
                    data.AddRange(new byte[random.Next(16)]);
                    break;
            }

            if (header.Count == 0)
                header.Add((byte)'{');
        }

        byte[] file = new byte[8 + header.Count + data.Count];
        BinaryPrimitives.WriteInt64LittleEndian(file, keepsLength ? length + random.Next(-3, 4) : header.Count);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Count);
        return file;
    }

    /// <summary>A number, a text or a word of the JSON becomes another one.</summary>
    private static List<byte> Replaced(List<byte> header, Random random)
    {
        string json = Encoding.Latin1.GetString([.. header]);
        MatchCollection tokens = Token().Matches(json);
        if (tokens.Count == 0)
            return header;
        Match token = tokens[random.Next(tokens.Count)];
        string word = random.Next(3) == 0 ? tokens[random.Next(tokens.Count)].Value : Words[random.Next(Words.Length)];
        return [.. Encoding.Latin1.GetBytes(json[..token.Index] + word + json[(token.Index + token.Length)..])];
    }

    private static void Cut(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
            return;
        int at = random.Next(bytes.Count);
        bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, 40)));
    }

    private static Run New(string file) => new(CorpusOptions.Of(Path.GetFileNameWithoutExtension(file).Split('-')[^1]), [3, 1], 9);

    [GeneratedRegex("""\\?"[\w.]*\\?"|-?\d[\d.eE+-]*|true|null""")]
    private static partial Regex Token();
}
