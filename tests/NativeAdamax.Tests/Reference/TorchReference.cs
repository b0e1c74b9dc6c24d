namespace NativeAdamax.Tests.Reference;

/// <summary>
/// PyTorch 2: Algorithm 1, a counter for each tensor, Adamax with epsilon inside the maximum; decay multiplies the
/// weights before the update in AdamW and is added to the gradient in all others.
/// </summary>
internal sealed class TorchReference(ReferenceSettings settings, ReadOnlySpan<double> initial)
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
        for (int i = 0; i < W.Length; i++)
        {
            double gradient = g[i];
            if (Settings.Algorithm == Algorithm.AdamW)
                W[i] *= 1 - LearningRate * Settings.WeightDecay;
            else
                gradient += Settings.WeightDecay * W[i];
            UpdateElement(i, gradient, mu);
        }
    }

    private void UpdateElement(int i, double g, double mu)
    {
        double correction1 = 1 - Math.Pow(Beta1, Time);
        double correction2 = 1 - Math.Pow(Settings.Beta2, Time);
        M[i] += (1 - Beta1) * (g - M[i]);
        if (Settings.Algorithm == Algorithm.Adamax)
        {
            V[i] = Math.Max(Settings.Beta2 * V[i], Math.Abs(g) + Settings.Epsilon);
            W[i] += -LearningRate / correction1 * M[i] / V[i];
            return;
        }

        V[i] = V[i] * Settings.Beta2 + (1 - Settings.Beta2) * g * g;
        Maximum[i] = Math.Max(Maximum[i], V[i]);
        double second = Settings.AmsGrad ? Maximum[i] : V[i];
        double denominator = Math.Sqrt(second) / Math.Sqrt(correction2) + Settings.Epsilon;
        if (Settings.Algorithm == Algorithm.Nadam)
        {
            double next = Mu(Time + 1);
            W[i] += -LearningRate * (1 - mu) / (1 - _product) * g / denominator;
            W[i] += -LearningRate * next / (1 - _product * next) * M[i] / denominator;
            return;
        }

        W[i] += -LearningRate / correction1 * M[i] / denominator;
    }

    private double Mu(long t) => Beta1 * (1 - 0.5 * Math.Pow(0.96, t * Settings.MomentumDecay));
}
