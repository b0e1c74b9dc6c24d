namespace NativeAdamax.Tests.Reference;

/// <summary>
/// optax: Algorithm 1 with a second epsilon inside the root, AMSGrad over the corrected moment, Adamax with epsilon
/// inside the maximum, decay as a part of the update, Nesterov without a momentum schedule.
/// </summary>
internal sealed class OptaxReference(ReferenceSettings settings, ReadOnlySpan<double> initial)
    : ReferenceTensor(settings, initial)
{
    protected override void Update(double[]? g)
    {
        if (g is null)
            throw new ArgumentNullException(nameof(g), "optax updates whole trees: there is no missing gradient");
        Time++;
        double correction1 = 1 - Math.Pow(Beta1, Time);
        double correction2 = 1 - Math.Pow(Settings.Beta2, Time);
        for (int i = 0; i < W.Length; i++)
        {
            bool rounds = Settings.RoundsDecayedMoment;
            double m = (1 - Beta1) * g[i] + Rounded(Rounded(Beta1, rounds) * M[i], rounds);
            M[i] = Rounded(m, Settings.RoundsFirstMoment);
            double first = m / correction1;
            double update;
            if (Settings.Algorithm == Algorithm.Adamax)
            {
                V[i] = Math.Max(Math.Abs(g[i]) + Settings.Epsilon, Settings.Beta2 * V[i]);
                update = first / V[i];
            }
            else
            {
                V[i] = (1 - Settings.Beta2) * (g[i] * g[i]) + Settings.Beta2 * V[i];
                if (Settings.Nesterov || Settings.Algorithm == Algorithm.Nadam)
                {
                    first = Beta1 * m / (1 - Math.Pow(Beta1, Time + 1))
                        + (1 - Beta1) * g[i] / correction1;
                }

                double second = V[i] / correction2;
                Maximum[i] = Math.Max(Maximum[i], second);
                second = Settings.AmsGrad ? Maximum[i] : second;
                update = first / (Math.Sqrt(second + Settings.EpsilonRoot) + Settings.Epsilon);
            }

            W[i] += -LearningRate * (update + Settings.WeightDecay * W[i]);
        }
    }

    private static double Rounded(double x, bool isRounded) => isRounded ? (float)(BFloat16)(float)x : x;
}
