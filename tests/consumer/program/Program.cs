using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeAdamax;

// A line through points, once by each of two optimizers; long enough for several threads and a partial vector.
const int Length = 200_003;
float[] x = new float[Length];
for (int i = 0; i < Length; i++)
    x[i] = (i * 7919L % 2003 - 1001) / 1001f;

using Parameter slopes = Parameter.Create(Length);
Tensor<float> weights = Tensor.CreateFromShape<float>([Length]), gradient = Tensor.CreateFromShape<float>([Length]);
using Parameter offsets = Parameter.Over(weights, gradient);
using Adamax adamax = new([slopes], new AdamaxOptions { LearningRate = LearningRate.From(step => 0.1 / (step + 1)) });
AdamWOptions averaged = new() { Dialect = Dialect.PyTorch, AmsGrad = true, Ema = new EmaOptions() };
using AdamW adamW = new([offsets], averaged);

float before = Loss(), after = before;
for (int step = 0; step < 20; step++)
{
    Span<float> a = slopes.Weights, b = offsets.Weights, da = slopes.Gradient, db = offsets.Gradient;
    for (int i = 0; i < Length; i++)
    {
        float error = a[i] * x[i] + b[i] - (3 * x[i] + 1);
        da[i] = error * x[i];
        db[i] = error;
    }

    adamax.Step();
    adamW.Step();
    after = Loss();
}

using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
hash.AppendData(MemoryMarshal.AsBytes(slopes.Weights));
hash.AppendData(MemoryMarshal.AsBytes(offsets.Weights));
hash.AppendData(MemoryMarshal.AsBytes(adamW.Ema!.Average(offsets)));

BackendInfo info = Backend.Info;
Console.WriteLine($"backend={info.Kind}");
Console.WriteLine($"isa={info.Isa}");
Console.WriteLine($"file={info.LibraryFile}");
Console.WriteLine($"reason={info.FallbackReason}");
Console.WriteLine($"learned={after < before}");
Console.WriteLine($"hash={Convert.ToHexStringLower(hash.GetHashAndReset())}");

float Loss()
{
    double sum = 0;
    for (int i = 0; i < Length; i++)
    {
        double error = (double)slopes.Weights[i] * x[i] + offsets.Weights[i] - (3.0 * x[i] + 1);
        sum += error * error;
    }

    return (float)(sum / Length);
}
