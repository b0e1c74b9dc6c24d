namespace NativeAdamax.Benchmarks;

/// <summary>The sizes of the tensors of well-known models, in the order in which their modules hold them.</summary>
internal static class Models
{
    /// <summary>784-512-512-10, weights and biases.</summary>
    public static IReadOnlyList<int> Mlp => [784 * 512, 512, 512 * 512, 512, 512 * 10, 10];

    /// <summary>161 tensors, 25.6 million parameters: He et al. 2015, 50 layers, 1000 classes.</summary>
    public static IReadOnlyList<int> ResNet50
    {
        get
        {
            List<int> sizes = [64 * 3 * 7 * 7, 64, 64];
            int before = 64;
            foreach ((int blocks, int width) in (ReadOnlySpan<(int, int)>)[(3, 64), (4, 128), (6, 256), (3, 512)])
            {
                for (int block = 0; block < blocks; block++)
                {
                    sizes.AddRange([width * before, width, width, width * width * 9, width, width, width * 4 * width, width * 4, width * 4]);
                    if (block == 0)
                        sizes.AddRange([width * 4 * before, width * 4, width * 4]);
                    before = width * 4;
                }
            }

            sizes.AddRange([1000 * 2048, 1000]);
            return sizes;
        }
    }

    /// <summary>148 tensors, 124.4 million parameters: Radford et al. 2019, the smallest, with tied embeddings.</summary>
    public static IReadOnlyList<int> Gpt2Small
    {
        get
        {
            const int width = 768;
            List<int> sizes = [50257 * width, 1024 * width];
            for (int layer = 0; layer < 12; layer++)
            {
                sizes.AddRange(
                [
                    width, width, 3 * width * width, 3 * width, width * width, width,
                    width, width, 4 * width * width, 4 * width, 4 * width * width, width,
                ]);
            }

            sizes.AddRange([width, width]);
            return sizes;
        }
    }
}
