using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// The header of a safetensors file: a length of 8 bytes, then JSON that gives each tensor's type, shape and place. The
/// tensors follow one another without a gap and without an overlap up to the end of the file.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The reference implementation refuses headers beyond this.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>Of the header's length.</summary>
    public const int PrefixBytes = 8;

    public const string MetadataKey = "__metadata__";

    /// <summary>So that the data start on a cache line, of the file and of a mapping of it.</summary>
    private const int Alignment = 64;

    private SafetensorsHeader(TensorInfo[] tensors, Dictionary<string, string> metadata, long dataBytes)
    {
        Tensors = tensors;
        Metadata = metadata;
        DataBytes = dataBytes;
    }

    /// <summary>In the order of their places.</summary>
    public TensorInfo[] Tensors { get; }

    public Dictionary<string, string> Metadata { get; }

    public long DataBytes { get; }

    /// <summary>The length that the first 8 bytes give.</summary>
    /// <param name="prefix">8 bytes.</param>
    /// <param name="available">Bytes behind them, where that is known.</param>
    /// <exception cref="CheckpointFormatException">It cannot be.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix, long? available)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length < 2)
            throw new CheckpointFormatException($"The header's length is {length}, less than that of any JSON object.", 0);
        if (length > MostBytes)
            throw new CheckpointFormatException($"The header's length is {length}, beyond the limit of {MostBytes}.", 0);
        if ((long)length > available)
        {
            throw new CheckpointFormatException(
                $"The header's length is {length}, but only {available} bytes follow: the file was cut off.", 0);
        }

        return (int)length;
    }

    /// <param name="json">The header without its length.</param>
    /// <exception cref="CheckpointFormatException">It breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        if (json[0] != (byte)'{')
            throw new CheckpointFormatException($"The header begins with the byte {json[0]}, not with '{{'.", PrefixBytes);
        if (!Utf8.IsValid(json))
            throw new CheckpointFormatException("The header is not UTF-8.", PrefixBytes);
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 3 });
        try
        {
            return Parse(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointFormatException(
                $"The header is not the JSON that it should be: {e.Message}", PrefixBytes + reader.BytesConsumed, e);
        }
    }

    /// <summary>The header with its length, padded with spaces.</summary>
    /// <exception cref="ArgumentException">It would be longer than readers take.</exception>
    public static byte[] Build(IEnumerable<TensorInfo> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.Advance(buffer.GetSpan(PrefixBytes)[..PrefixBytes].Length);
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            writer.WriteStartObject();
            Write(writer, metadata);
            foreach (TensorInfo tensor in tensors)
                Write(writer, tensor);
            writer.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] header = buffer.WrittenSpan.ToArray();
        if (header.Length - PrefixBytes > MostBytes)
        {
            throw new ArgumentException(
                $"The header would have {header.Length - PrefixBytes} bytes, beyond the {MostBytes} that readers take: "
                + "there are too many tensors, or too much metadata, for one file.");
        }

        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - PrefixBytes);
        return header;
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        writer.WriteStartObject(MetadataKey);
        foreach ((string key, string value) in metadata)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TensorInfo tensor)
    {
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.Type.Text());
        writer.WriteStartArray("shape");
        foreach (long dimension in tensor.Shape)
            writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(tensor.Offset);
        writer.WriteNumberValue(tensor.Offset + tensor.Length);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static SafetensorsHeader Parse(ref Utf8JsonReader reader)
    {
        HashSet<string> names = [];
        List<TensorInfo> tensors = [];
        Dictionary<string, string> metadata = [];
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (NextName(ref reader) is { } name)
        {
            if (!names.Add(name))
                throw At(ref reader, $"The name {CheckpointFormatException.Quote(name)} stands in the header twice.");
            if (name == MetadataKey)
                ParseMetadata(ref reader, metadata);
            else
                tensors.Add(ParseTensor(ref reader, name));
        }

        // Throws where something follows.
        reader.Read();
        TensorInfo[] placed = [.. tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length)];
        long end = 0;
        foreach (TensorInfo tensor in placed)
        {
            if (tensor.Offset != end)
            {
                string what = tensor.Offset < end ? "overlaps the tensor before it" : "leaves a hole before it";
                throw new CheckpointFormatException(
                    $"Tensor {CheckpointFormatException.Quote(tensor.Name)} begins at {tensor.Offset} and {what}, "
                    + $"which ends at {end}.");
            }

            end = tensor.Offset + tensor.Length;
        }

        return new SafetensorsHeader(placed, metadata, end);
    }

    private static void ParseMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(ref reader, JsonTokenType.StartObject, "the metadata");
        while (NextName(ref reader) is { } key)
        {
            Expect(ref reader, JsonTokenType.String, $"the value of metadata {CheckpointFormatException.Quote(key)}");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw At(ref reader, $"Metadata {CheckpointFormatException.Quote(key)} stands there twice.");
        }
    }

    private static TensorInfo ParseTensor(ref Utf8JsonReader reader, string name)
    {
        string tensor = $"tensor {CheckpointFormatException.Quote(name)}";
        TensorType? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, tensor);
        while (NextName(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, $"the dtype of {tensor}");
                    string text = reader.GetString()!;
                    type = TensorTypes.Find(text)
                        ?? throw At(ref reader, $"The dtype {CheckpointFormatException.Quote(text)} of {tensor} is unknown.");
                    break;
                case "shape" when shape is null:
                    shape = Numbers(ref reader, $"the shape of {tensor}");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(ref reader, $"the data_offsets of {tensor}");
                    break;
                default:
                    throw At(
                        ref reader,
                        $"The key {CheckpointFormatException.Quote(key)} of {tensor} is unknown or stands there twice.");
            }
        }

        if (type is null || shape is null || offsets is null)
            throw At(ref reader, $"The dtype, shape or data_offsets of {tensor} are missing.");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            string those = string.Join(", ", offsets.Take(3));
            throw At(ref reader, $"The data_offsets of {tensor} are [{those}], not a beginning and an end.");
        }

        long bytes;
        try
        {
            bytes = TensorInfo.Bytes(type.Value, shape);
        }
        catch (OverflowException e)
        {
            throw new CheckpointFormatException($"The shape of {tensor} has more bytes than 64 bits count.", e);
        }

        return bytes == offsets[1] - offsets[0]
            ? new TensorInfo(name, type.Value, shape, offsets[0], bytes)
            : throw At(ref reader, $"The shape of {tensor} has {bytes} bytes, its data_offsets {offsets[1] - offsets[0]}.");
    }

    private static long[] Numbers(ref Utf8JsonReader reader, string what)
    {
        List<long> numbers = [];
        Expect(ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw At(ref reader, $"In {what} something is not a whole number from 0 to 2^63 - 1.");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Null: the object ends.</summary>
    private static string? NextName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw At(ref reader, $"In {what} there is a {reader.TokenType} instead of a {type}.");
    }

    private static CheckpointFormatException At(ref Utf8JsonReader reader, string message) =>
        new(message, PrefixBytes + reader.TokenStartIndex);
}
