using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>State that is not kept in float32: as floats in and out, and as it is.</content>
public readonly unsafe partial struct ParameterState
{
    /// <summary>How the first moment is kept.</summary>
    public StateFormat FirstMomentFormat => FormatOf(StreamPlace.M);

    /// <summary>How the second moment is kept, and AMSGrad's maximum with it.</summary>
    public StateFormat SecondMomentFormat => FormatOf(StreamPlace.V);

    /// <summary>How the average is kept; float32 without one.</summary>
    public StateFormat AverageFormat => FormatOf(StreamPlace.A);

    /// <summary>Codes and scales of the first moment, memory of the optimizer, to be read and to be set.</summary>
    /// <exception cref="InvalidOperationException">It is not kept in 8 or 4 bits.</exception>
    public QuantizedState QuantizedFirstMoment => Quantized(StreamPlace.M);

    /// <summary>Codes and scales of the second moment or the infinity norm.</summary>
    /// <inheritdoc cref="QuantizedFirstMoment"/>
    public QuantizedState QuantizedSecondMoment => Quantized(StreamPlace.V);

    /// <summary>Codes and scales of AMSGrad's maximum.</summary>
    /// <exception cref="InvalidOperationException">It is not kept in 8 bits, or there is none.</exception>
    public QuantizedState QuantizedMaxSecondMoment => Quantized(StreamPlace.X);

    /// <summary>Copies the first moment, however it is kept, to floats.</summary>
    /// <param name="floats">As long as the parameter.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidOperationException">There is none, or another call is under way.</exception>
    public void CopyFirstMomentTo(Span<float> floats) => CopyTo(StreamPlace.M, floats);

    /// <summary>Copies the second moment or the infinity norm, however it is kept, to floats.</summary>
    /// <inheritdoc cref="CopyFirstMomentTo"/>
    public void CopySecondMomentTo(Span<float> floats) => CopyTo(StreamPlace.V, floats);

    /// <summary>Copies AMSGrad's maximum, however it is kept, to floats.</summary>
    /// <inheritdoc cref="CopyFirstMomentTo"/>
    public void CopyMaxSecondMomentTo(Span<float> floats) => CopyTo(StreamPlace.X, floats);

    /// <summary>Copies the average of the weights, however it is kept, to floats.</summary>
    /// <inheritdoc cref="CopyFirstMomentTo"/>
    public void CopyAverageTo(Span<float> floats) => CopyTo(StreamPlace.A, floats);

    /// <summary>Sets the first moment, rounded to nearest to how it is kept.</summary>
    /// <param name="floats">As long as the parameter.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidOperationException">There is none, or another call is under way.</exception>
    public void SetFirstMoment(ReadOnlySpan<float> floats) => Set(StreamPlace.M, floats);

    /// <summary>Sets the second moment or the infinity norm, rounded to nearest to how it is kept.</summary>
    /// <inheritdoc cref="SetFirstMoment"/>
    public void SetSecondMoment(ReadOnlySpan<float> floats) => Set(StreamPlace.V, floats);

    /// <summary>Sets AMSGrad's maximum, rounded to nearest to how it is kept.</summary>
    /// <inheritdoc cref="SetFirstMoment"/>
    public void SetMaxSecondMoment(ReadOnlySpan<float> floats) => Set(StreamPlace.X, floats);

    /// <summary>Sets the average of the weights, rounded to nearest to how it is kept.</summary>
    /// <inheritdoc cref="SetFirstMoment"/>
    public void SetAverage(ReadOnlySpan<float> floats) => Set(StreamPlace.A, floats);

    /// <summary>A stream as floats, none where it is not there.</summary>
    internal float[] ToArray(StreamPlace place)
    {
        if (!Engine.Of(place, Index).IsThere)
            return [];
        float[] floats = new float[checked((int)_parameter.Length)];
        CopyTo(place, floats);
        return floats;
    }

    /// <summary>Sets a stream that is there; to zeros where there is nothing for it.</summary>
    internal void SetOrClear(StreamPlace place, float[] floats)
    {
        if (Engine.Of(place, Index).IsThere)
            Set(place, floats.Length == _parameter.Length ? floats : new float[checked((int)_parameter.Length)]);
    }

    private static string NameOf(StreamPlace place) => place switch
    {
        StreamPlace.M => "The first moment",
        StreamPlace.V => "The second moment",
        StreamPlace.X => "The largest second moment",
        _ => "The average",
    };

    private StateFormat FormatOf(StreamPlace place) => StreamFormat.NameOf(Engine.Of(place, Index).Format);

    private QuantizedState Quantized(StreamPlace place)
    {
        Kept kept = Engine.Of(place, Index);
        if (!StreamFormat.IsBlocks(kept.Format))
        {
            throw new InvalidOperationException(
                $"{NameOf(place)} of {_parameter.Name} is not kept in 8 or 4 bits, but as {StreamFormat.NameOf(kept.Format)}.");
        }

        nuint codes = StreamFormat.DataBytes(kept.Format, _parameter.Slot.Count);
        if (codes > (nuint)Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"{NameOf(place)} of {_parameter.Name} has {codes} bytes of codes, more than a span can hold.");
        }

        return new QuantizedState(
            StreamFormat.NameOf(kept.Format),
            new Span<byte>(kept.Data, (int)codes),
            new Span<float>(kept.Beside, (int)StreamFormat.Blocks(_parameter.Slot.Count)),
            StreamFormat.BookOf(kept.Format, place) is { } book ? book.Values : default);
    }

    private void CopyTo(StreamPlace place, Span<float> floats)
    {
        using Exclusive.Scope scope = Enter(place, floats.Length);
        fixed (float* to = floats)
            Engine.CopyTo(place, Index, to);
        GC.KeepAlive(_optimizer);
    }

    private void Set(StreamPlace place, ReadOnlySpan<float> floats)
    {
        using Exclusive.Scope scope = Enter(place, floats.Length);
        fixed (float* from = floats)
            Engine.SetFrom(place, Index, from);
        GC.KeepAlive(_optimizer);
    }

    private Exclusive.Scope Enter(StreamPlace place, int length)
    {
        if (!Engine.Of(place, UpToDate()).IsThere && _parameter.Length > 0)
            throw new InvalidOperationException($"{NameOf(place)} of {_parameter.Name} is not part of this optimizer's state.");
        _parameter.RefuseLength(length, "floats");
        return _optimizer.Enter();
    }
}
