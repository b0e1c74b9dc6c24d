using System.Globalization;
using System.Text;
using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// The head of a .npy file: a dictionary of Python's, of which only what NumPy itself writes is understood.
/// </summary>
internal sealed record NumPyHeader(ElementType Type, long[] Shape, int Count)
{
    private const int MostDimensions = 64;

    private static readonly Dictionary<string, ElementType> Types = new()
    {
        ["<f4"] = ElementType.Single,
        ["<f8"] = ElementType.Double,
        ["<i4"] = ElementType.Int32,
        ["<i8"] = ElementType.Int64,
    };

    /// <summary>The dictionary, from brace to line end.</summary>
    public static NumPyHeader Parse(string text, string what)
    {
        LiteralReader reader = new(text, what);
        string? description = null;
        bool? fortran = null;
        long[]? shape = null;
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            string key = reader.String();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when description is null:
                    description = reader.Peek() is '\'' or '"'
                        ? reader.String() : throw reader.Refused("Records are not read: descr is no name of a number.");
                    break;
                case "fortran_order" when fortran is null:
                    fortran = reader.Boolean();
                    break;
                case "shape" when shape is null:
                    shape = reader.Shape(MostDimensions);
                    break;
                default:
                    throw reader.Refused($"The header has the key {Quote(key)} twice, or NumPy has no such key.");
            }

            if (reader.Peek() != '}')
                reader.Expect(',');
        }

        reader.ExpectEnd();
        if (description is null || fortran is null || shape is null)
            throw reader.Refused("The header lacks descr, fortran_order or shape.");
        if (!Types.TryGetValue(description, out ElementType type))
        {
            throw reader.Refused(
                $"Elements of type {Quote(description)} are not read; those that are: "
                + $"{string.Join(", ", Types.Keys)}.");
        }

        if (fortran.Value)
            throw reader.Refused("The elements are in Fortran's order, which is not read.");
        long count = PlainArray.CountOf(shape);
        return count is >= 0 && count <= Array.MaxLength
            ? new NumPyHeader(type, shape, (int)count)
            : throw reader.Refused($"The shape ({string.Join(", ", shape)}) has more elements than an array can have.");
    }

    /// <summary>Magic, version 1.0, length and dictionary, with spaces up to a multiple of 64 bytes.</summary>
    public static byte[] Format(PlainArray array)
    {
        string shape = string.Join(", ", array.Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        if (array.Shape.Count == 1)
            shape += ",";
        string name = Types.Single(t => t.Value == array.Type).Key;
        string text = $"{{'descr': '{name}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64;
        byte[] head = new byte[length];
        NumPyFile.Magic.CopyTo(head);
        head[6] = 1;
        head[8] = (byte)(length - 10);
        head[9] = (byte)((length - 10) >> 8);
        head.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, head.AsSpan(10));
        head[^1] = (byte)'\n';
        return head;
    }
}
