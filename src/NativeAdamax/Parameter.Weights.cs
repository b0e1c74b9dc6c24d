using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax;

/// <content>The weights: float32, or what a model of 16 bits reads and what is kept beside it.</content>
public sealed unsafe partial class Parameter
{
    /// <summary>What is kept beside weights of 16 bits; null where the weights are float32 alone.</summary>
    public MasterWeights? Master => Slot switch
    {
        { Copy.IsThere: true } => MasterWeights.Float32,
        { Weights.Format: NativeMethods.NA_BF16_REST16 } => MasterWeights.Rest16,
        { Weights.Format: NativeMethods.NA_BF16_REST8 } => MasterWeights.Rest8,
        { Weights.IsPacked: true } => MasterWeights.None,
        _ => null,
    };

    /// <summary>
    /// The weights in float32, also as <see cref="MasterWeights.Float32"/> beside others: those of 16 bits follow at the
    /// next step. Memory of the parameter: not to be used after its <see cref="Dispose"/> or its end.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are more than a span can hold: use <see cref="WeightsPointer"/>. Or they are not kept in float32: use
    /// <see cref="CopyWeightsTo"/> and <see cref="CopyWeightsFrom"/>.
    /// </exception>
    public Span<float> Weights => SpanOf(WeightsPointer);

    /// <summary>The first weight in float32.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The weights are not kept in float32.</exception>
    public float* WeightsPointer => Alive().Weights.IsPacked
        ? throw new InvalidOperationException(
            $"Parameter {Name} has no float32 weights, but bfloat16 with {Master}: use {nameof(CopyWeightsTo)} and "
            + $"{nameof(CopyWeightsFrom)}.")
        : Slot.W;

    /// <summary>
    /// The weights that a model of bfloat16 reads. Whoever writes them calls <see cref="ReadModelWeights"/> then.
    /// </summary>
    /// <inheritdoc cref="BFloat16WeightsPointer"/>
    public Span<BFloat16> BFloat16Weights => SpanOf(BFloat16WeightsPointer);

    /// <summary>The weights that a model of binary16 reads. Whoever writes them calls <see cref="ReadModelWeights"/> then.</summary>
    /// <inheritdoc cref="HalfWeightsPointer"/>
    public Span<Half> HalfWeights => SpanOf(HalfWeightsPointer);

    /// <summary>The first weight that a model of bfloat16 reads.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The parameter has no weights in bfloat16.</exception>
    public BFloat16* BFloat16WeightsPointer => ModelWeights(Alive()) is { IsPacked: true, Format: not NativeMethods.NA_F16 } kept
        ? (BFloat16*)kept.Data
        : throw new InvalidOperationException($"Parameter {Name} has no weights in bfloat16.");

    /// <summary>The first weight that a model of binary16 reads.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The parameter has no weights in binary16.</exception>
    public Half* HalfWeightsPointer => ModelWeights(Alive()) is { Format: NativeMethods.NA_F16 } kept
        ? (Half*)kept.Data
        : throw new InvalidOperationException($"Parameter {Name} has no weights in binary16.");

    /// <summary>Copies the weights, as exact as they are kept, to float32.</summary>
    /// <param name="weights">As long as the parameter.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void CopyWeightsTo(Span<float> weights)
    {
        TensorSlot slot = Alive();
        RefuseLength(weights.Length, nameof(weights));
        fixed (float* to = weights)
            StreamCopy.Run(BackendChooser.Default, slot.Weights, Kept.Of(to), slot.Count);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Sets the weights, with all that is kept of them: rounded to nearest to what the model reads, the rest beside it. NaN
    /// stays NaN.
    /// </summary>
    /// <param name="weights">As long as the parameter.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameter holds its average, inside a <see cref="WeightEma.Swap"/>, whose end would undo it.
    /// </exception>
    public void CopyWeightsFrom(ReadOnlySpan<float> weights)
    {
        TensorSlot slot = Alive();
        slot.ThrowIfSwapped();
        RefuseLength(weights.Length, nameof(weights));
        fixed (float* from = weights)
            StreamCopy.Run(BackendChooser.Default, Kept.Of(from), slot.Weights.ToNearest(), slot.Count, slot.Copy);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Makes the weights of 16 bits that the model reads the weights, after somebody else has written them: without this,
    /// the next step goes on from what is kept beside them. Weights of float32 alone stay as they are.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameter holds its average, inside a <see cref="WeightEma.Swap"/>, whose end would undo it.
    /// </exception>
    public void ReadModelWeights()
    {
        TensorSlot slot = Alive();
        slot.ThrowIfSwapped();
        if (slot.Copy.IsThere)
            StreamCopy.Run(BackendChooser.Default, slot.Copy, slot.Weights, slot.Count);
        else if (slot.Weights.Beside is not null)
            System.Runtime.InteropServices.NativeMemory.Clear(
                slot.Weights.Beside, StreamFormat.BesideBytes(slot.Weights.Format, slot.Count));
        GC.KeepAlive(this);
    }

    /// <exception cref="ArgumentException">Something has not as many elements as this.</exception>
    internal void RefuseLength(long length, string name)
    {
        if (length != Length)
            throw new ArgumentException($"{name} has {length} elements, parameter {Name} has {Length}.", name);
    }

    private static Kept ModelWeights(TensorSlot slot) => slot.Copy.IsThere ? slot.Copy : slot.Weights;
}
