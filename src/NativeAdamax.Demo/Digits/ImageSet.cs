namespace NativeAdamax.Demo.Digits;

/// <summary>Labelled images: pixel p of image i is <c>Pixels[i * PixelCount + p]</c>, from 0 to 1.</summary>
internal sealed class ImageSet(float[] pixels, int[] labels)
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 8;

    /// <summary>Pixels of an image.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>The classes, 0 to 9.</summary>
    public const int ClassCount = 10;

    public int Count => labels.Length;

    public ReadOnlySpan<float> Pixels => pixels;

    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<float> Image(int index) => pixels.AsSpan(index * PixelCount, PixelCount);

    /// <summary>The images of the given numbers, in that order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        float[] chosenPixels = new float[indices.Length * PixelCount];
        int[] chosenLabels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(chosenPixels.AsSpan(i * PixelCount));
            chosenLabels[i] = labels[indices[i]];
        }

        return new ImageSet(chosenPixels, chosenLabels);
    }
}
