namespace NativeAdamax.Clipping;

/// <summary>How a system turns a norm n and the largest norm c into the factor of the gradient.</summary>
internal enum ClipFormula
{
    /// <summary>c / max(n, c); an infinite or NaN global norm makes every gradient NaN.</summary>
    Keras,

    /// <summary>1 below c, else c / n.</summary>
    Optax,

    /// <summary>min(1, c / (n + 1e-6)).</summary>
    PyTorch,

    /// <summary>min(1, c / (n + 1e-8)).</summary>
    MXNet,
}

/// <summary>
/// The coefficients, in double. Each is exactly 1 where the norm is below the threshold, also Keras's, whose own
/// arithmetic changes 12 to 15 % of float32 elements there. NaN passes through all of them.
/// </summary>
internal static class ClipFormulas
{
    /// <param name="formula">The system's.</param>
    /// <param name="isGlobal">Whether the norm is that of all tensors together.</param>
    /// <param name="norm">0 or above, infinite or NaN.</param>
    /// <param name="most">Above 0.</param>
    public static double Coefficient(this ClipFormula formula, bool isGlobal, double norm, double most)
    {
        if (double.IsNaN(norm))
            return double.NaN;
        return formula switch
        {
            ClipFormula.Keras => isGlobal && double.IsInfinity(norm) ? double.NaN : norm <= most ? 1 : most / norm,
            ClipFormula.Optax => norm < most ? 1 : most / norm,
            ClipFormula.PyTorch => Math.Min(1, most / (norm + 1e-6)),
            _ => Math.Min(1, most / (norm + 1e-8)),
        };
    }
}
