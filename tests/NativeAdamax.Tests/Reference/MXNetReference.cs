namespace NativeAdamax.Tests.Reference;

/// <summary>
/// Apache MXNet: epsilon-hat, a counter for each tensor, decay coupled into the gradient after clipping (AdamW: after
/// the update and with its bias correction). Nadam's momentum product is kept for each tensor, which is MXNet with one
/// parameter; with several, MXNet multiplies one shared product once for each of them.
/// </summary>
internal sealed class MXNetReference(ReferenceSettings settings, ReadOnlySpan<double> initial)
    : ReferenceTensor(settings, initial)
{
    private double _product = 1;

    protected override void Update(double[]? g)
    {
        if (g is null)
            return;
        Time++;
        double mu = Mu(Time);
        _product *= mu;
        double correction1 = 1 - Math.Pow(Beta1, Time);
        double correction2 = 1 - Math.Pow(Settings.Beta2, Time);
        for (int i = 0; i < W.Length; i++)
        {
            switch (Settings.Algorithm)
            {
                case Algorithm.Adam:
                    SecondMoments(i, Coupled(g, i));
                    W[i] -= LearningRate * Math.Sqrt(correction2) / correction1 * Ratio(i);
                    break;
                case Algorithm.AdamW:
                    SecondMoments(i, g[i]);
                    double corrected = LearningRate * Math.Sqrt(correction2) / correction1;
                    if (Settings.FusedStep)
                    {
                        W[i] -= corrected * (Ratio(i) + Settings.WeightDecay * W[i]);
                        break;
                    }

                    W[i] -= corrected * Ratio(i);
                    W[i] -= corrected * Settings.WeightDecay * W[i];
                    break;
                case Algorithm.Adamax:
                    double gradient = Coupled(g, i);
                    M[i] = Beta1 * M[i] + (1 - Beta1) * gradient;
                    V[i] = Math.Max(Settings.Beta2 * V[i], Math.Abs(gradient));
                    W[i] -= LearningRate / correction1 * (M[i] / (V[i] + Settings.Epsilon));
                    break;
                default:
                    UpdateNadam(i, Coupled(g, i), mu, correction2);
                    break;
            }
        }
    }

    private void UpdateNadam(int i, double g, double mu, double correction2)
    {
        SecondMoments(i, g);
        double next = Mu(Time + 1);
        double direction = (1 - mu) * g / (1 - _product) + next * M[i] / (1 - _product * next);
        W[i] -= LearningRate * direction / (Math.Sqrt(V[i] / correction2) + Settings.Epsilon);
    }

    private double Coupled(double[] g, int i) => g[i] + Settings.WeightDecay * W[i];

    private double Ratio(int i) => M[i] / (Math.Sqrt(V[i]) + Settings.Epsilon);

    private void SecondMoments(int i, double g)
    {
        M[i] = Beta1 * M[i] + (1 - Beta1) * g;
        V[i] = Settings.Beta2 * V[i] + (1 - Settings.Beta2) * g * g;
    }

    private double Mu(long t) => Beta1 * (1 - 0.5 * Math.Pow(0.96, t * Settings.MomentumDecay));
}
