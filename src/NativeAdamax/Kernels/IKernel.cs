using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The streams of a tensor, in the order of its fields.</summary>
[Flags]
internal enum StreamSet
{
    None = 0,
    W = 1,
    G = 2,
    M = 4,
    V = 8,
    X = 16,
    A = 32,
    S = 64,
    D = 128,
}

/// <summary>One op over elements begin to end - 1 of a tensor.</summary>
internal unsafe interface IKernel
{
    /// <summary>The streams that must be there.</summary>
    static abstract StreamSet Needs { get; }

    /// <summary>The streams that are read or written where they are there.</summary>
    static abstract StreamSet Uses { get; }

    /// <summary>Of those, the streams that are read.</summary>
    static abstract StreamSet Reads { get; }

    /// <summary>Of those, the streams that are written, if the options ask for it.</summary>
    static abstract StreamSet Writes { get; }

    static abstract void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end);
}
