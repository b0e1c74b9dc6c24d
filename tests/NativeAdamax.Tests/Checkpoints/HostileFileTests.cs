using System.Buffers.Binary;
using System.Text;
using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>Files that are damaged or made to harm: a specific error, no more memory than the file, nothing changed.</summary>
public sealed class HostileFileTests
{
    private const string Metadata = "\"__metadata__\":{}";

    public static TheoryData<string, string> Headers => new()
    {
        { "an overlap", Tensors(("a", "U8", "[4]", "[0,4]"), ("b", "U8", "[4]", "[2,6]")) },
        { "a hole", Tensors(("a", "U8", "[2]", "[0,2]"), ("b", "U8", "[2]", "[4,6]")) },
        { "a hole at first", Tensors(("a", "U8", "[6]", "[2,8]")) },
        { "an end before the beginning", Tensors(("a", "U8", "[2]", "[4,2]")) },
        { "an end beyond the file", Tensors(("a", "U8", "[900]", "[0,900]")) },
        { "bytes behind the last tensor", Tensors(("a", "U8", "[1]", "[0,1]")) },
        { "no tensors, but bytes", "{}" },
        { "one offset", Tensors(("a", "U8", "[8]", "[0]")) },
        { "three offsets", Tensors(("a", "U8", "[8]", "[0,8,9]")) },
        { "an offset below 0", Tensors(("a", "U8", "[8]", "[-8,0]")) },
        { "an offset of 2^63", Tensors(("a", "U8", "[8]", "[0,9223372036854775808]")) },
        { "an offset with a fraction", Tensors(("a", "U8", "[8]", "[0,8.5]")) },
        { "an offset in words", Tensors(("a", "U8", "[8]", "[0,\"8\"]")) },
        { "a shape that is not its bytes", Tensors(("a", "F32", "[3]", "[0,8]")) },
        { "a shape that overflows", Tensors(("a", "F64", "[4294967296,4294967296]", "[0,8]")) },
        { "a shape that overflows to 0", Tensors(("a", "F64", "[2305843009213693952]", "[0,0]")) },
        { "a shape below 0", Tensors(("a", "U8", "[-8]", "[0,8]")) },
        { "a shape that is a number", Tensors(("a", "U8", "8", "[0,8]")) },
        { "an unknown dtype", Tensors(("a", "F31", "[2]", "[0,8]")) },
        { "a dtype in small letters", Tensors(("a", "f32", "[2]", "[0,8]")) },
        { "a dtype that is a number", "{\"a\":{\"dtype\":1,\"shape\":[8],\"data_offsets\":[0,8]}}" },
        { "no dtype", "{\"a\":{\"shape\":[8],\"data_offsets\":[0,8]}}" },
        { "no shape", "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,8]}}" },
        { "no offsets", "{\"a\":{\"dtype\":\"U8\",\"shape\":[8]}}" },
        { "a key twice", Tensors(("a", "U8", "[4]", "[0,4]"), ("a", "U8", "[4]", "[4,8]")) },
        { "a key twice, once escaped", Tensors(("a", "U8", "[4]", "[0,4]"), ("\\u0061", "U8", "[4]", "[4,8]")) },
        { "a dtype twice", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]}}" },
        { "metadata twice", $"{{{Metadata},{Metadata}}}" },
        { "a metadata key twice", "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}" },
        { "metadata that is no text", "{\"__metadata__\":{\"a\":1}}" },
        { "metadata that is deep", "{\"__metadata__\":{\"a\":{\"b\":{}}}}" },
        { "an unknown key", "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8],\"x\":0}}" },
        { "a list", "[]" },
        { "nothing", "  " },
        { "half of an object", "{\"a\":" },
        { "two objects", "{}{}" },
        { "a comma too many", "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8],}}" },
        { "a comment", "{/**/}" },
        { "half of a surrogate pair", Tensors(("\\ud800", "U8", "[8]", "[0,8]")) },
        { "deep lists", "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}" },
        { "deep objects", string.Concat(Enumerable.Repeat("{\"a\":", 50_000)) + "1" + new string('}', 50_000) },
        { "a number without an end", "{\"a\":" + new string('1', 100_000) + "}" },
        { "a name without an end", "{\"" + new string('a', 200_000) },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void AHeaderThatBreaksARuleIsRefused(string what, string header) => AssertRefused(File(header), what);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000_001)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(99_999_999)]
    public void AHeaderLengthThatCannotBeIsRefusedWithoutReadingOn(long length)
    {
        byte[] file = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        file.AsSpan(8).Fill((byte)' ');
        file[8] = (byte)'{';
        AssertRefused(file, $"a length of {length}");
    }

    [Fact]
    public void AHeaderThatIsNotUtf8IsRefused()
    {
        byte[] file = File(Tensors(("axb", "U8", "[8]", "[0,8]")));
        file[file.AsSpan().IndexOf((byte)'x')] = 0xff;
        AssertRefused(file, "0xff in a name");
    }

    [Fact]
    public void AHeaderOf100MegabytesTakesNoMoreMemoryThanTheFile()
    {
        byte[] file = new byte[8 + 100_000_000];
        BinaryPrimitives.WriteInt64LittleEndian(file, 100_000_000);
        file.AsSpan(8).Fill((byte)' ');
        file[8] = (byte)'{';
        file[^1] = (byte)'}';
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file)))
            Assert.Empty(reader.Tensors);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L * file.Length + 1_000_000);
    }

    [Fact]
    public void ACheckpointCutOffAtAnyByteChangesNothing()
    {
        using Run run = New().Call(2);
        byte[] whole = run.Save();
        using Run other = New(9);
        byte[] before = other.Save();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<CheckpointFormatException>(() => other.Load(cut));
            Assert.Throws<CheckpointFormatException>(() => other.Optimizer.Load(new OneWay(cut)));
        }

        using TemporaryFolder folder = new();
        for (int length = 0; length < whole.Length; length += 97)
        {
            System.IO.File.WriteAllBytes(folder.File("cut"), whole[..length]);
            Assert.Throws<CheckpointFormatException>(() => other.Optimizer.Load(folder.File("cut")));
        }

        Assert.Equal(before, other.Save());
        other.Load(whole);
        run.AssertSame(other, "the whole file");
    }

    [Fact]
    public void AByteChangedAnywhereIsNoticedOrMeansTheSame()
    {
        using Run run = New().Call(2);
        byte[] whole = run.Save();
        using Run other = New(9);
        byte[] before = other.Save();
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x20;
            try
            {
                other.Load(changed, new LoadOptions { Run = at % 2 == 0 });
            }
            catch (Exception e) when (e is CheckpointFormatException or CheckpointMismatchException)
            {
                refused++;
                continue;
            }

            other.Load(before);
        }

        Assert.Equal(before, other.Save());
        int data = whole.Length - 8 - (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        Assert.True(refused > data, $"{refused} of {whole.Length}");
    }

    [Theory]
    [InlineData("\"step_count\":2", "\"step_count\":-1")]
    [InlineData("\"step_count\":2", "\"step_count\":9223372036854775808")]
    [InlineData("\"step_count\":2", "\"step_count\":9223372036854775807")]
    [InlineData("\"calls_of_update\":0", "\"calls_of_update\":1")]
    [InlineData("\"calls_of_update\":0", "\"calls_of_update\":2147483647")]
    [InlineData("\"weight_updates\":2", "\"weight_updates\":9223372036854775807")]
    [InlineData("\"step_count\":2", "\"step_count\":null")]
    [InlineData("\"step_count\":2", "\"step_count\":2,\"step_count\":3")]
    [InlineData("\"step_count\":2", "\"step_coun\":2")]
    [InlineData("\"gradient_scale\":1", "\"gradient_scale\":\"NaN\"")]
    [InlineData("\"beta1\":0.9", "\"beta1\":1.5")]
    [InlineData("\"learning_rate\":0.001", "\"learning_rate\":-1")]
    [InlineData("\"updates\":2", "\"updates\":-2")]
    [InlineData("\"dialect\":\"Keras\"", "\"dialect\":\"Kerass\"")]
    [InlineData("\"name\":\"w0\"", "\"name\":\"w0\",\"rate_factor\":-1")]
    [InlineData("\"parameters\":[\"w0\"", "\"parameters\":[null")]
    [InlineData("\"groups\":[{", "\"groups\":[null,{")]
    [InlineData("\"options\":{", "\"options\":[[[[[[[[[[")]
    [InlineData("{\"optimizer\"", "[\"optimizer\"")]
    public void ARunThatCannotBeIsRefused(string from, string to)
    {
        using Run run = New().Call(2);
        byte[] changed = Changed(run.Save(), "run", json =>
        {
            Assert.Contains(from, json, StringComparison.Ordinal);
            return json.Replace(from, to, StringComparison.Ordinal);
        });
        using Run other = New(9);
        byte[] before = other.Save();
        Assert.Throws<CheckpointFormatException>(() => other.Load(changed));
        Assert.Throws<CheckpointFormatException>(() => other.Load(changed, new LoadOptions { Strict = false }));
        Assert.Equal(before, other.Save());
    }

    [Fact]
    public void AnotherFormatVersionOrMissingChecksumsAreRefused()
    {
        using Run run = New().Call();
        byte[] saved = run.Save(), before = saved;
        Assert.Throws<CheckpointFormatException>(() => run.Load(Changed(saved, "format_version", _ => "2")));
        Assert.Throws<CheckpointFormatException>(() => run.Load(Changed(saved, "sha256", _ => "{}")));
        Assert.Throws<CheckpointFormatException>(() => run.Load(Changed(saved, "sha256", _ => "{")));
        Assert.Throws<CheckpointFormatException>(() => run.Load(Changed(saved, "sha256", _ => null)));
        run.Load(Changed(saved, "sha256", _ => null), new LoadOptions { VerifyChecksums = false });
        Assert.Equal(before, run.Save());
    }

    [Fact]
    public void ATensorWhoseNumbersCannotBeIsRefused()
    {
        using Run run = new(new NadamOptions { ClipPercentile = 50 }, [3]);
        run.Call();
        byte[] before = run.Save();
        foreach ((string tensor, byte[] value) in new[]
        {
            ("w0.step", BitConverter.GetBytes(-5L)),
            ("w0.step", BitConverter.GetBytes(long.MaxValue)),
            ("w0.mu_product", BitConverter.GetBytes(1.5)),
            ("w0.mu_product", BitConverter.GetBytes(double.NaN)),
            ("w0.gnorm_vec", BitConverter.GetBytes(double.NegativeInfinity)),
        })
        {
            byte[] changed = [.. before];
            SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(changed));
            long header = BinaryPrimitives.ReadInt64LittleEndian(changed);
            value.CopyTo(changed, 8 + header + reader.Find(tensor)!.Offset);
            Assert.Throws<CheckpointFormatException>(() => run.Load(changed));
            Assert.Throws<CheckpointFormatException>(() => run.Load(changed, new LoadOptions { VerifyChecksums = false }));
        }

        Assert.Equal(before, run.Save());
    }

    /// <summary>A checkpoint with other metadata; null: without them.</summary>
    internal static byte[] Changed(byte[] file, string key, Func<string, string?> change)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(file));
        SafetensorsWriter writer = new() { Checksums = false };
        foreach ((string name, string value) in reader.Metadata)
        {
            if (name != key)
                writer.Metadata[name] = value;
            else if (change(value) is { } changed)
                writer.Metadata[name] = changed;
        }

        foreach (TensorInfo tensor in reader.Tensors)
        {
            byte[] data = new byte[tensor.Length];
            reader.Read(tensor, data);
            writer.Add(tensor.Name, tensor.Type, [.. tensor.Shape], data);
        }

        return SafetensorsTests.Written(writer);
    }

    private static Run New(uint seed = 1) => new(new AdamaxOptions { Ema = new EmaOptions() }, [5, 2], seed);

    private static string Tensors(params (string Name, string Type, string Shape, string Offsets)[] tensors) => "{" + string.Join(
        ',', tensors.Select(t => $"\"{t.Name}\":{{\"dtype\":\"{t.Type}\",\"shape\":{t.Shape},\"data_offsets\":{t.Offsets}}}")) + "}";

    /// <summary>With 8 bytes of data.</summary>
    private static byte[] File(string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    private static void AssertRefused(byte[] file, string what)
    {
        using TemporaryFolder folder = new();
        System.IO.File.WriteAllBytes(folder.File("a"), file);
        foreach (Func<SafetensorsReader> open in new[]
        {
            () => SafetensorsReader.Open(folder.File("a")), () => SafetensorsReader.Map(folder.File("a")),
        })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            CheckpointFormatException e = Assert.Throws<CheckpointFormatException>(() => open().Dispose());
            Assert.InRange(e.Message.Length, 10, 600);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 10L * file.Length + 200_000, $"{what}: {allocated} bytes for a file of {file.Length}");
        }
    }
}
