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
    public unsafe void TorchSharpInBFloat16()
    {
        using Linear linear = new(5, isBFloat16: true);

        static unsafe BFloat16* First(Tensor tensor) =>
            (BFloat16*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

        using Parameter weights = Parameter.Over(First(linear.weight), linear.weight.numel(), master: MasterWeights.Rest16);
        using var optimizer = new Adamax([weights], new AdamaxOptions
        {
            Dialect = Dialect.PyTorch,
            Precision = StatePrecision.EightBit,
        });
        for (int step = 0; step < 10; step++)
        {
            linear.weight.grad?.zero_();
            Loss(linear).backward();
            Tensor gradient = linear.weight.grad!;
            weights.SetGradient(First(gradient), gradient.numel());
            optimizer.Step();
        }

        float last = (float)MemoryMarshal.Cast<byte, BFloat16>(linear.weight.bytes)[4];
        Assert.Equal(1 - 10 * 0.002, last, 0.01);
        Assert.NotEqual(1, last);
    }

    [Fact]
    public unsafe void OnnxRuntimeInFloat16()
    {
        using OrtValue weights = new(5), gradient = new(5);

        static unsafe Half* First(OrtValue value) =>
            (Half*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value.GetTensorMutableDataAsSpan<Float16>()));

        int length = weights.GetTensorMutableDataAsSpan<Float16>().Length;
        using Parameter parameter = Parameter.Over(First(weights), length, First(gradient));
        using var optimizer = new AdamW([parameter], new AdamWOptions { Dialect = Dialect.PyTorch });
        for (int step = 0; step < 10; step++)
        {
            RunHalf(weights, gradient);
            optimizer.Step();
        }

        Assert.Equal(-0.01, (double)weights.GetTensorMutableDataAsSpan<Half>()[4], 0.001);
    }

    [Fact]
    public void StatesOfOtherPrograms()
    {
        const long trainedSteps = 1000;
        using Parameter weights = Parameter.Create(5000);
        byte[] state1 = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)], state2 = [.. state1.Reverse()];
        float[] absmax1 = [.. Enumerable.Repeat(0.5f, 20)], absmax2 = [.. Enumerable.Repeat(0.25f, 20)];

        using var optimizer = new AdamW([weights], new AdamWOptions
        {
            Dialect = Dialect.PyTorch,
            Precision = new StatePrecision
            {
                FirstMoment = StateFormat.EightBitDynamic,
                SecondMoment = StateFormat.EightBitDynamic,
            },
        });
        ParameterState state = optimizer.State(weights);
        state1.CopyTo(state.QuantizedFirstMoment.Codes);
        absmax1.CopyTo(state.QuantizedFirstMoment.Scales);
        state2.CopyTo(state.QuantizedSecondMoment.Codes);
        absmax2.CopyTo(state.QuantizedSecondMoment.Scales);
        state.UpdateCount = trainedSteps;
        optimizer.StepCount = trainedSteps;

        float[] v = new float[5000];
        state.CopySecondMomentTo(v);
        Assert.Equal(0.25f * DynamicMap.Unsigned[state2[7]], v[7]);
        Assert.Equal(1001, optimizer.Step().Step);
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

    private static void RunHalf(OrtValue weights, OrtValue gradient) =>
        gradient.GetTensorMutableDataAsSpan<Half>().Fill((Half)1 + weights.GetTensorMutableDataAsSpan<Half>()[0]);

    private static void Run(OrtValue weights, OrtValue gradient) =>
        gradient.GetTensorMutableDataAsSpan<float>().Fill(1 + weights.GetTensorMutableDataAsSpan<float>()[0]);
}
