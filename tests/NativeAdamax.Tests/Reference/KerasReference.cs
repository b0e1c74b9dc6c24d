namespace NativeAdamax.Tests.Reference;

/// <summary>
/// Keras 3 and tf_keras: epsilon-hat, one step counter for all tensors, decoupled decay before the update.
/// </summary>
internal sealed class KerasReference(ReferenceSettings settings, ReadOnlySpan<double> initial)
    : ReferenceTensor(settings, initial)
{
    private double _product = 1;

    protected override void Update(double[]? g)
    {
        Time++;
        double mu = Mu(Time);
        _product *= mu;
        for (int i = 0; g is not null && i < W.Length; i++)
        {
            W[i] -= W[i] * Settings.WeightDecay * LearningRate;
            UpdateElement(i, g[i], mu);
        }
    }

    private void UpdateElement(int i, double g, double mu)
    {
        double correction1 = 1 - Math.Pow(Beta1, Time);
        double correction2 = 1 - Math.Pow(Settings.Beta2, Time);
        M[i] += (g - M[i]) * (1 - Beta1);
        if (Settings.Algorithm == Algorithm.Adamax)
        {
            V[i] = Math.Max(Settings.Beta2 * V[i], Math.Abs(g));
            W[i] -= LearningRate * M[i] / (correction1 * (V[i] + Settings.Epsilon));
            return;
        }

        V[i] += (g * g - V[i]) * (1 - Settings.Beta2);
        if (Settings.Algorithm == Algorithm.Nadam)
        {
            double next = Mu(Time + 1);
            double direction = next * M[i] / (1 - _product * next) + (1 - mu) * g / (1 - _product);
            W[i] -= direction * LearningRate / (Math.Sqrt(V[i] / correction2) + Settings.Epsilon);
            return;
        }

        Maximum[i] = Math.Max(Maximum[i], V[i]);
        double alpha = LearningRate * Math.Sqrt(correction2) / correction1;
        double epsilon = Settings.AdaptiveEpsilon ? Settings.Epsilon * Math.Sqrt(correction2) : Settings.Epsilon;
        W[i] -= M[i] * alpha / (Math.Sqrt(Settings.AmsGrad ? Maximum[i] : V[i]) + epsilon);
    }

    private double Mu(long t) => Beta1 * (1 - 0.5 * Math.Pow(0.96, t));
}
