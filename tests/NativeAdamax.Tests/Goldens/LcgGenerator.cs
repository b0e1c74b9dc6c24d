namespace NativeAdamax.Tests.Goldens;

/// <summary>Generator lcg-v1 of tests/goldens/README.md: initial values and gradients, all exact in float32.</summary>
internal sealed class LcgGenerator(uint seed, int initialExponent, int[] gradientExponents, uint zeroBelow)
{
    private const uint TensorStride = 2654435761;
    private const uint StepStride = 2246822519;

    public float[] Initial(int tensor, int count)
    {
        uint state = Stream(tensor);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = Value(Draw(ref state), initialExponent);
        return values;
    }

    /// <summary>The gradient of a tensor (from 0) at a step (from 1).</summary>
    public float[] Gradient(int tensor, int step, int count)
    {
        uint state = unchecked(Stream(tensor) + StepStride * (uint)step);
        int exponent = gradientExponents[(step - 1) % gradientExponents.Length];
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint draw = Draw(ref state);
            values[i] = draw < zeroBelow ? 0 : Value(draw, exponent);
        }

        return values;
    }

    private static uint Draw(ref uint state)
    {
        state = unchecked(state * 1664525 + 1013904223);
        return state >> 8;
    }

    private static float Value(uint draw, int exponent) =>
        (float)Math.ScaleB(draw * Math.ScaleB(1.0, -23) - 1, exponent);

    private uint Stream(int tensor) => unchecked(seed + TensorStride * (uint)(tensor + 1));
}
