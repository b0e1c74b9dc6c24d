namespace NativeAdamax;

/// <summary>An instruction set of the native kernels. All of them give the same bits.</summary>
public enum Isa
{
    /// <summary>
    /// The fastest that this CPU and its operating system can run; the only one of the managed backend.
    /// </summary>
    Best = 0,

    /// <summary>Plain C: every CPU has it.</summary>
    Portable = 1,

    /// <summary>x86-64 with AVX2.</summary>
    Avx2 = 2,

    /// <summary>x86-64 with AVX-512 F, VL, DQ and BW.</summary>
    Avx512 = 3,

    /// <summary>64-bit ARM.</summary>
    Neon = 4,
}
