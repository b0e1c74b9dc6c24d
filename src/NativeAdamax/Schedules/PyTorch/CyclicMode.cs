namespace NativeAdamax.Schedules.PyTorch;

/// <summary>How the height of cycles changes.</summary>
public enum CyclicMode
{
    /// <summary>Not at all.</summary>
    Triangular,

    /// <summary>It halves from cycle to cycle.</summary>
    Triangular2,

    /// <summary>It is multiplied by gamma at each count.</summary>
    ExpRange,
}
