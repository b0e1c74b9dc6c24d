using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>
/// Whose memory the weights are in makes no difference to the bits, and nothing outside of it is touched.
/// </summary>
public sealed unsafe class MemoryKindTests
{
    private const int Length = 101;
    private const float Guard = 12345.5f;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    public void WeightsInAnArrayOfTheCallerGiveTheSameBits(int offset)
    {
        float[] weights = Guarded(Training.Numbers(1, Length), offset),
            gradient = Guarded(Training.Numbers(1001, Length), offset + 3);
        using Parameter parameter =
            Parameter.Over(weights.AsMemory(offset, Length), gradient.AsMemory(offset + 3, Length));
        AssertSameSteps(parameter);
        AssertGuards(weights, offset);
        AssertGuards(gradient, offset + 3);
    }

    [Fact]
    public void WeightsInWholeArraysGiveTheSameBits()
    {
        float[] weights = Training.Numbers(1, Length), gradient = Training.Numbers(1001, Length);
        using Parameter parameter = Parameter.Over(weights, gradient);
        AssertSameSteps(parameter);
        Bits.AssertEqual(weights, parameter.Weights, "the array itself");
        Assert.Throws<ArgumentNullException>(() => Parameter.Over((float[])null!));
    }

    [Fact]
    public void WeightsInATensorGiveTheSameBits()
    {
        float[] weights = Training.Numbers(1, Length), gradient = Training.Numbers(1001, Length);
        using Parameter parameter =
            Parameter.Over(Tensor.Create(weights, [Length]), Tensor.Create(gradient, [1, Length]));
        AssertSameSteps(parameter);
        Bits.AssertEqual(weights, parameter.Weights, "the array behind the tensor");
    }

    [Fact]
    public void WeightsAtAPointerGiveTheSameBits()
    {
        float[] weights = GC.AllocateArray<float>(Length + 5, pinned: true),
            gradient = GC.AllocateArray<float>(Length, pinned: true);
        Guarded(Training.Numbers(1, Length), 1).AsSpan(0, Length + 5).CopyTo(weights);
        Training.Numbers(1001, Length).CopyTo(gradient, 0);
        fixed (float* w = weights, g = gradient)
        {
            using Parameter parameter = Parameter.Over(w + 1, Length, g);
            AssertSameSteps(parameter);
            Assert.Equal((nint)(w + 1), (nint)parameter.WeightsPointer);
        }

        AssertGuards(weights, 1);
    }

    [Fact]
    public void WeightsInMemoryThatIsNoArrayGiveTheSameBits()
    {
        using NativeOwner weights = new(Training.Numbers(1, Length)), gradient = new(Training.Numbers(1001, Length));
        using (Parameter parameter = Parameter.Over(weights.Memory, gradient.Memory))
        {
            AssertSameSteps(parameter);
            Assert.Equal(1, weights.Pins);
        }

        Assert.Equal(0, weights.Pins);
        Assert.Equal(0, gradient.Pins);
    }

    [Fact]
    public void NoWeightsAtAllAreAParameterToo()
    {
        using Parameter own = Parameter.Create(0), array = Parameter.Over(Memory<float>.Empty),
            pointer = Parameter.Over((float*)null, 0);
        using Parameter other = Make.WithGradient();
        using Adam optimizer = new([own, array, other, pointer], new AdamOptions { Ema = new EmaOptions() });
        optimizer.Step();
        Assert.Equal(1, optimizer.StepCount);
        Assert.Equal(0, optimizer.State(array).FirstMoment.Length);
        Assert.Equal(0, pointer.Weights.Length);
    }

    [Fact]
    public void MemoryThatDoesNotFitIsRefused()
    {
        float[] weights = new float[20];
        Assert.Throws<ArgumentException>(() => Parameter.Over(weights.AsMemory(), new float[19]));
        Assert.Throws<ArgumentException>(() => Parameter.Over(weights.AsMemory(0, 10), weights.AsMemory(9, 10)));
        Assert.Throws<ArgumentException>(() => Parameter.Over(weights.AsMemory(), weights));
        Assert.Throws<ArgumentException>(() => Parameter.Over(Tensor.Create(weights, [4, 5]).Slice(0..4, 0..3)));
        Assert.Throws<ArgumentNullException>(() => Parameter.Over((Tensor<float>)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.Create(-1));
        fixed (float* w = weights)
        {
            float* first = w;
            float* odd = (float*)((byte*)w + 2);
            Assert.Throws<ArgumentNullException>(() => Parameter.Over((float*)null, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.Over(first, -1));
            Assert.Throws<ArgumentException>(() => Parameter.Over(odd, 1));
            Assert.Throws<ArgumentException>(() => Parameter.Over(first, 1, odd));
            Assert.Throws<ArgumentException>(() => Parameter.Over(first, 11, first + 10));
            Assert.Throws<ArgumentException>(() => Parameter.Over(first + 10, 10, first + 1));
            using Parameter neighbours = Parameter.Over(first, 10, first + 10);
            Assert.Equal(10, neighbours.Length);
        }
    }

    [Fact]
    public void ALengthBeyondAnySpanIsReachedByPointersOnly()
    {
        // No memory is touched: only the length is asked for.
        using Parameter huge = Parameter.Over((float*)64, 3L << 30);
        Assert.Equal(3L << 30, huge.Length);
        Assert.Equal(64, (nint)huge.WeightsPointer);
        Assert.Throws<InvalidOperationException>(() => { _ = huge.Weights; });
    }

    private static void AssertSameSteps(Parameter parameter)
    {
        using Parameter own = Make.WithGradient(Length);
        using Adamax expected = new([own]), optimizer = new([parameter]);
        for (int step = 0; step < 3; step++)
        {
            expected.Step();
            optimizer.Step();
        }

        Bits.AssertEqual(own.Weights, parameter.Weights, "weights");
        Bits.AssertEqual(own.Gradient, parameter.Gradient, "gradient");
    }

    private static float[] Guarded(float[] values, int offset)
    {
        float[] all = new float[values.Length + offset + 16];
        Array.Fill(all, Guard);
        values.CopyTo(all, offset);
        return all;
    }

    private static void AssertGuards(float[] all, int offset)
    {
        Assert.All(all[..offset], x => Assert.Equal(Guard, x));
        Assert.All(all[(offset + Length)..], x => Assert.Equal(Guard, x));
    }

    private sealed class NativeOwner : MemoryManager<float>
    {
        private readonly float[] _values;

        public NativeOwner(float[] values)
        {
            _values = GC.AllocateArray<float>(values.Length, pinned: true);
            values.CopyTo(_values, 0);
        }

        public int Pins { get; private set; }

        public override Span<float> GetSpan() => _values;

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            Pins++;
            nint start = Marshal.UnsafeAddrOfPinnedArrayElement(_values, elementIndex);
            return new MemoryHandle((float*)start, default, this);
        }

        public override void Unpin() => Pins--;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
