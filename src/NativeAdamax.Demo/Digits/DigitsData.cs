using System.Globalization;
using System.IO.Compression;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Digits;

/// <summary>The 1797 handwritten digits built into this program (Data/README.md says where they are from).</summary>
internal static class DigitsData
{
    private const string ResourceName = "digits.csv.gz";
    private const float FullInk = 16;

    /// <summary>All images in the file's order.</summary>
    /// <exception cref="InvalidDataException">The file does not hold 65 numbers in range on every line.</exception>
    public static ImageSet Load()
    {
        using Stream packed = typeof(DigitsData).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidDataException($"The resource {ResourceName} is not in this build.");
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        return Parse(reader);
    }

    /// <summary>Lines of 64 pixels from 0 to 16 and a label from 0 to 9, separated by commas.</summary>
    /// <exception cref="InvalidDataException">A line is not so.</exception>
    public static ImageSet Parse(TextReader reader)
    {
        var pixels = new List<float>();
        var labels = new List<int>();
        while (reader.ReadLine() is { } line)
        {
            string[] numbers = line.Split(',');
            if (numbers.Length != ImageSet.PixelCount + 1)
                throw Malformed(labels.Count, $"has {numbers.Length} numbers and not {ImageSet.PixelCount + 1}");
            for (int p = 0; p < ImageSet.PixelCount; p++)
                pixels.Add(Number(numbers[p], (int)FullInk, labels.Count) / FullInk);
            labels.Add(Number(numbers[^1], ImageSet.ClassCount - 1, labels.Count));
        }

        return new ImageSet([.. pixels], [.. labels]);
    }

    /// <summary>
    /// A quarter of each digit's images is held out, chosen by <paramref name="random"/>; the others are for training.
    /// </summary>
    public static (ImageSet Training, ImageSet HeldOut) Split(ImageSet all, Xoshiro256 random)
    {
        var training = new List<int>();
        var heldOut = new List<int>();
        for (int digit = 0; digit < ImageSet.ClassCount; digit++)
        {
            int[] members = [.. Enumerable.Range(0, all.Count).Where(i => all.Labels[i] == digit)];
            random.Shuffle<int>(members);
            int quarter = (members.Length + 2) / 4;
            heldOut.AddRange(members[..quarter]);
            training.AddRange(members[quarter..]);
        }

        return (all.Select([.. training]), all.Select([.. heldOut]));
    }

    private static int Number(string text, int largest, int line)
    {
        bool valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return valid && number <= largest
            ? number
            : throw Malformed(line, $"has '{text}' where 0 to {largest} belongs");
    }

    private static InvalidDataException Malformed(int line, string what) =>
        new($"Line {line + 1} of the digits {what}.");
}
