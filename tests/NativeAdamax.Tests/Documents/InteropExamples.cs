using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/interop.md, over stand-ins for what other libraries give.</summary>
public sealed class InteropExamples
{
    [Fact]
    public unsafe void TorchSharp()
    {
        using Linear linear = new(5);

        static unsafe float* First(Tensor tensor) =>
            (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

        using Parameter weights = Parameter.Over(First(linear.weight), linear.weight.numel(), name: "linear.weight");
        using var optimizer = new Adamax([weights], new AdamaxOptions { Dialect = Dialect.PyTorch });
        for (int step = 0; step < 10; step++)
        {
            linear.weight.grad?.zero_();
            Loss(linear).backward();
            Tensor gradient = linear.weight.grad!;
            weights.SetGradient(First(gradient), gradient.numel());
            optimizer.Step();
        }

        Assert.NotEqual(1, MemoryMarshal.Cast<byte, float>(linear.weight.bytes)[4]);
    }

    [Fact]
    public unsafe void OnnxRuntime()
    {
        using OrtValue weights = new(5), gradient = new(5);

        static unsafe Parameter Over(OrtValue weights, OrtValue gradient)
        {
            Span<float> w = weights.GetTensorMutableDataAsSpan<float>(), g = gradient.GetTensorMutableDataAsSpan<float>();
            return Parameter.Over(
                (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(w)), w.Length,
                (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(g)));
        }

        using Parameter parameter = Over(weights, gradient);
        using var optimizer = new AdamW([parameter], new AdamWOptions { Dialect = Dialect.PyTorch });
        for (int step = 0; step < 10; step++)
        {
            Run(weights, gradient);
            optimizer.Step();
        }

        Assert.NotEqual(0, weights.GetTensorMutableDataAsSpan<float>()[4]);
    }

    [Fact]
    public unsafe void AMappedFile()
    {
        string path = Path.GetTempFileName();
        float[] gradient = new float[100_000];
        gradient.AsSpan().Fill(1);

        const long count = 100_000;
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, count * sizeof(float));
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, count * sizeof(float));
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            using Parameter weights = Parameter.Over((float*)(start + view.PointerOffset), count);
            using var optimizer = new Adam([weights]);
            weights.SetGradient(gradient);
            optimizer.Step();
            view.Flush();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        view.Dispose();
        file.Dispose();
        byte[] written = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.Equal(4 * count, written.Length);
        Assert.NotEqual(0, BitConverter.ToSingle(written, 4 * 99_999));
    }

    private static Tensor Loss(Linear linear) => new(linear);

    private static void Run(OrtValue weights, OrtValue gradient) =>
        gradient.GetTensorMutableDataAsSpan<float>().Fill(1 + weights.GetTensorMutableDataAsSpan<float>()[0]);
}
