namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>What the elements of a <see cref="PlainArray"/> are.</summary>
public enum ElementType
{
    /// <summary>float32.</summary>
    Single,

    /// <summary>float64.</summary>
    Double,

    /// <summary>int32.</summary>
    Int32,

    /// <summary>int64.</summary>
    Int64,
}
