namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>
/// Changes files at random places, of a seed; where they are zip files, also a single entry in a zip file made anew.
/// </summary>
internal sealed class Mutator(int seed, byte[][] seeds)
{
    private static readonly uint[] Extremes = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
        0x10000];

#pragma warning disable CA5394 // Repeatable on purpose.
    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        byte[] file = seeds[_random.Next(seeds.Length)];
        if (_random.Next(2) == 0 && file.AsSpan().StartsWith("PK"u8) && file.Length < 30_000)
        {
            (string Name, byte[] Bytes)[] entries = Zip.Entries(file);
            int at = Array.FindIndex(entries, e => e.Name.EndsWith("data.pkl", StringComparison.Ordinal));
            if (at < 0 || _random.Next(5) == 0)
                at = _random.Next(entries.Length);
            entries[at].Bytes = Changed(entries[at].Bytes);
            return Zip.Of(entries);
        }

        return Changed(file);
    }

    private byte[] Changed(byte[] bytes)
    {
        List<byte> changed = [.. bytes];
        for (int changes = 1 + _random.Next(4); changes > 0; changes--)
            Change(changed);
        return [.. changed];
    }

    private void Change(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1);
        int count = Math.Min(_random.Next(1, 12), bytes.Count - at);
        switch (_random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, count);
                break;
            case 3:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, count));
                break;
            case 4:
                byte[] extreme = BitConverter.GetBytes(Extremes[_random.Next(Extremes.Length)]);
                for (int i = 0; i < extreme.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = extreme[i];
                break;
            case 5:
                byte[] other = seeds[_random.Next(seeds.Length)];
                int from = _random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 40)]);
                break;
            case 6 when _random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
