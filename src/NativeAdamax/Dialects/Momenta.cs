namespace NativeAdamax.Dialects;

/// <summary>
/// Dozat's schedule of Nadam's momentum, as a factor of beta1: 1 - 0.5 * 0.96^(t * psi). A step asks for two of them, and
/// the next step for one of these again: the last even and the last odd one are kept. For one thread at a time.
/// </summary>
/// <param name="decay">psi.</param>
internal sealed class Momenta(double decay)
{
    private static readonly double LogOfBase = FixedMath.Log(0.96);

    private (long T, double Factor) _even = (-1, 0);
    private (long T, double Factor) _odd = (-1, 0);

    public double At(long t)
    {
        ref (long T, double Factor) last = ref (t & 1) == 0 ? ref _even : ref _odd;
        if (last.T != t)
            last = (t, 1 - 0.5 * FixedMath.Exp(Math.Max(t * decay * LogOfBase, -700)));
        return last.Factor;
    }
}
