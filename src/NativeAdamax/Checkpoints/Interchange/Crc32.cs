namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// The checksum of zip files: reflected, polynomial 0xEDB88320, begun and ended with all bits inverted.
/// </summary>
internal struct Crc32
{
    private static readonly uint[] Table = MakeTable();

    private uint _inverted;

    public readonly uint Value => _inverted;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint state = ~_inverted;
        foreach (byte b in bytes)
            state = Table[(byte)(state ^ b)] ^ (state >> 8);
        _inverted = ~state;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint state = i;
            for (int bit = 0; bit < 8; bit++)
                state = (state & 1) != 0 ? (state >> 1) ^ 0xEDB88320 : state >> 1;
            table[i] = state;
        }

        return table;
    }
}
