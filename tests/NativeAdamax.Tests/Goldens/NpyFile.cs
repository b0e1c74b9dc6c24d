using System.Runtime.InteropServices;
using System.Text;

namespace NativeAdamax.Tests.Goldens;

/// <summary>numpy's .npy files, of little-endian float32 in C order.</summary>
internal static class NpyFile
{
    public static float[] Read(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(GoldenTrajectory.Folder(), name));
        int header = 10 + BitConverter.ToUInt16(bytes, 8);
        string description = Encoding.ASCII.GetString(bytes, 10, header - 10);
        if (!description.Contains("'<f4'", StringComparison.Ordinal)
            || !description.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new FormatException($"{name} holds {description}");
        }

        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(header)).ToArray();
    }
}
