namespace NativeAdamax.Tests.Reference;

/// <summary>
/// What a system does around its recurrence and over all tensors at once, in double: unscale, accumulate, clip by the
/// global norm, average the weights.
/// </summary>
internal sealed class ReferenceOptimizer(ReferenceTensor[] tensors)
{
    private readonly ReferenceSettings _settings = tensors[0].Settings;

    /// <summary>Calls so far, Keras's raw iterations.</summary>
    private long _calls;

    public ReferenceTensor[] Tensors { get; } = tensors;

    /// <summary>The norm of the last update's gradients, before clipping.</summary>
    public double Norm { get; private set; }

    /// <summary>One call; null where a tensor has no gradient in it.</summary>
    public void Step(double[]?[] gradients)
    {
        double[]?[] all = [.. gradients.Select(g => g?.Select(x => x / _settings.LossScale).ToArray())];
        if ((_calls + 1) % _settings.AccumulationSteps == 0)
            Update(all);
        else
            Accumulate(all);
        if (_settings.EmaMomentum is { } momentum)
            MoveAverages(momentum, gradients);
        _calls++;
    }

    private void Accumulate(double[]?[] gradients)
    {
        for (int k = 0; k < Tensors.Length; k++)
        {
            for (int i = 0; gradients[k] is { } g && i < g.Length; i++)
                Tensors[k].Sum[i] += g[i];
        }
    }

    private void Update(double[]?[] gradients)
    {
        for (int k = 0; k < Tensors.Length; k++)
        {
            for (int i = 0; gradients[k] is { } g && i < g.Length; i++)
                g[i] = (g[i] + Tensors[k].Sum[i]) / _settings.AccumulationSteps;
            Array.Clear(Tensors[k].Sum);
        }

        Norm = Math.Sqrt(gradients.Sum(g => g?.Sum(x => x * x) ?? 0));
        double factor = double.IsPositiveInfinity(_settings.GlobalClipNorm) ? 1 : Factor(_settings.GlobalClipNorm);
        for (int k = 0; k < Tensors.Length; k++)
            Tensors[k].Step(gradients[k]?.Select(x => x * factor).ToArray());
    }

    private double Factor(double most) => _settings.Peer switch
    {
        Peer.Keras or Peer.TfKeras => most * Math.Min(1 / Norm, 1 / most) + (Norm - Norm),
        Peer.Optax => Norm < most ? 1 : 1 / Norm * most,
        Peer.Torch => Math.Min(1, most / (Norm + 1e-6)),
        _ => throw new NotSupportedException($"{_settings.Peer} has no optimizer that clips by the global norm"),
    };

    private void MoveAverages(double momentum, double[]?[] gradients)
    {
        long update = _calls / _settings.AccumulationSteps;
        // Keras copies the weights until the first update is done; tf_keras starts from those that it was built with.
        double mu = _settings.Peer == Peer.Keras && update == 0 ? 0 : momentum;
        bool overwrites = _settings.EmaOverwrite > 0 && (update + 1) % _settings.EmaOverwrite == 0;
        for (int k = 0; k < Tensors.Length; k++)
        {
            ReferenceTensor tensor = Tensors[k];
            // Keras averages every variable at every call, tf_keras only those that had a gradient.
            if (gradients[k] is null && _settings.Peer == Peer.TfKeras)
                continue;
            for (int i = 0; i < tensor.W.Length; i++)
            {
                tensor.Average[i] = mu * tensor.Average[i] + (1 - mu) * tensor.W[i];
                tensor.W[i] = overwrites ? tensor.Average[i] : tensor.W[i];
            }
        }
    }
}
