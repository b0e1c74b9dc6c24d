using System.Buffers.Binary;
using System.Text;
using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void TheBytesFollowThePublishedRules()
    {
        byte[] file = Written(Small());
        long header = BinaryPrimitives.ReadInt64LittleEndian(file);
        string json = Encoding.UTF8.GetString(file, 8, (int)header);
        Assert.Equal(0, (8 + header) % 64);
        Assert.StartsWith("{\"__metadata__\":{\"a\":\"\\\"é\\n\"},\"wide\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},", json, StringComparison.Ordinal);
        Assert.Contains("\"m\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}", json, StringComparison.Ordinal);
        Assert.EndsWith("\"none\":{\"dtype\":\"U8\",\"shape\":[0,3],\"data_offsets\":[19,19]}}", json.TrimEnd(' '), StringComparison.Ordinal);
        Assert.Equal(file.Length, 8 + header + 19);
        Assert.Equal([7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9], file[(int)(8 + header)..]);
    }

    [Fact]
    public async Task WhatIsWrittenIsReadFromFilesStreamsAndMappings()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("a.safetensors");
        Small().Write(file);
        Assert.Equal(Written(Small()), File.ReadAllBytes(file));
        await Small().WriteAsync(file);
        MemoryStream asynchronous = new();
        await Small().WriteAsync(asynchronous);
        Assert.Equal(asynchronous.ToArray(), File.ReadAllBytes(file));
        SafetensorsReader[] readers =
        [
            SafetensorsReader.Open(file), SafetensorsReader.Map(file), SafetensorsReader.Open(new MemoryStream(asynchronous.ToArray())),
            SafetensorsReader.Open(new OneWay(asynchronous.ToArray())),
            await SafetensorsReader.OpenAsync(new OneWay(asynchronous.ToArray())),
        ];
        foreach (SafetensorsReader reader in readers)
        {
            using (reader)
            {
                Assert.Equal("\"é\n", reader.Metadata["a"]);
                Assert.Equal(["wide", "m", "b", "none"], reader.Tensors.Select(t => t.Name));
                byte[] m = new byte[8], b = new byte[3];
                reader.Read(reader.Find("m")!, m);
                await reader.ReadAsync(reader.Find("b")!, b);
                Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], m);
                Assert.Equal([9, 9, 9], b);
                reader.Read(reader.Find("none")!, []);
                Assert.Equal((2L, 8L), (reader.Find("m")!.Count, reader.Find("m")!.Offset));
                Assert.Null(reader.Find("x"));
            }
        }
    }

    [Fact]
    public unsafe void AMappedTensorIsWhereTheFileIs()
    {
        using TemporaryFolder folder = new();
        Small().Write(folder.File("a"));
        using SafetensorsReader reader = SafetensorsReader.Map(folder.File("a"));
        TensorInfo m = reader.Find("m")!;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], new Span<byte>(reader.PointerTo(m), 8).ToArray());
        Assert.Equal(0, (nint)reader.PointerTo(m) % 8);
        using SafetensorsReader stream = SafetensorsReader.Open(folder.File("a"));
        Assert.Throws<InvalidOperationException>(() => (nint)stream.PointerTo(stream.Find("m")!));
        Assert.Throws<ArgumentException>(() => (nint)reader.PointerTo(stream.Find("m")!));
    }

    [Fact]
    public void AStreamThatCannotSeekIsReadInOrderAndNotBack()
    {
        using SafetensorsReader reader = SafetensorsReader.Open(new OneWay(Written(Small())));
        reader.Read(reader.Find("b")!, new byte[3]);
        Assert.Throws<InvalidOperationException>(() => reader.Read(reader.Find("m")!, new byte[8]));
    }

    [Fact]
    public void BadTensorsAreRefusedBeforeAnythingIsWritten()
    {
        SafetensorsWriter writer = Small();
        Assert.Throws<ArgumentException>("name", () => writer.Add("m", TensorType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>("name", () => writer.Add("__metadata__", TensorType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>("name", () => writer.Add("a\ud800", TensorType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentNullException>(() => writer.Add(null!, TensorType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>("shape", () => writer.Add("x", TensorType.F32, [2, 2], new byte[15]));
        Assert.Throws<ArgumentException>("shape", () => writer.Add("x", TensorType.F32, [long.MaxValue, 2], new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>("shape", () => writer.Add("x", TensorType.F32, [-1], new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>("type", () => writer.Add("x", (TensorType)99, [1], new byte[4]));
        Assert.Equal(Written(Small()), Written(writer));
    }

    [Fact]
    public void ChecksumsAreThoseOfTheBytes()
    {
        SafetensorsWriter writer = new();
        writer.Add("abc", TensorType.U8, [3], "abc"u8.ToArray());
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(Written(writer)));
        Assert.Equal(
            "{\"abc\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}",
            reader.Metadata[SafetensorsWriter.ChecksumKey]);
    }

    [Fact]
    public void ProgressEndsAtTheEndAndCancellationStopsOnTheWay()
    {
        SafetensorsWriter writer = new();
        writer.Add("big", TensorType.U8, [5_000_000], new byte[5_000_000]);
        List<CheckpointProgress> told = [];
        writer.Write(new MemoryStream(), new Told(told.Add));
        Assert.Equal(new CheckpointProgress(10_000_000, 10_000_000), told[^1]);
        Assert.True(told.Count >= 10 && told.Zip(told.Skip(1)).All(p => p.First.BytesDone < p.Second.BytesDone));
        using CancellationTokenSource source = new();
        MemoryStream stream = new();
        Assert.ThrowsAny<OperationCanceledException>(() => writer.Write(
            stream, new Told(p => { if (p.BytesDone > 7_000_000) source.Cancel(); }), source.Token));
        Assert.InRange(stream.Length, 1, 4_000_000);
    }

    internal static byte[] Written(SafetensorsWriter writer)
    {
        MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static SafetensorsWriter Small()
    {
        SafetensorsWriter writer = new() { Checksums = false, Metadata = { ["a"] = "\"é\n" } };
        writer.Add("b", TensorType.Bool, [3], new byte[] { 9, 9, 9 });
        writer.Add("m", TensorType.F32, [2, 1], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        writer.Add("none", TensorType.U8, [0, 3], ReadOnlyMemory<byte>.Empty);
        writer.Add("wide", TensorType.I64, [], new byte[] { 7, 0, 0, 0, 0, 0, 0, 0 });
        return writer;
    }
}
