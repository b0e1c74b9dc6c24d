namespace NativeAdamax.Tests.Reference;

/// <summary>
/// One parameter under one system's optimizer, in double, as that system writes its recurrence. Nothing here is shared
/// with the library: no scalar folding, no incremental forms unless the system has them.
/// </summary>
internal abstract class ReferenceTensor
{
    protected ReferenceTensor(ReferenceSettings settings, ReadOnlySpan<double> initial)
    {
        Settings = settings;
        LearningRate = settings.LearningRate;
        Beta1 = settings.Beta1;
        W = initial.ToArray();
        M = new double[W.Length];
        V = new double[W.Length];
        Maximum = new double[W.Length];
        Average = initial.ToArray();
        Sum = new double[W.Length];
    }

    public ReferenceSettings Settings { get; }

    public double LearningRate { get; set; }

    public double Beta1 { get; set; }

    public double[] W { get; }

    public double[] M { get; }

    /// <summary>The second moment, or Adamax's infinity norm.</summary>
    public double[] V { get; }

    public double[] Maximum { get; }

    public double[] Average { get; }

    /// <summary>Gradients of an accumulation that has not ended.</summary>
    public double[] Sum { get; }

    /// <summary>The number of updates that bias correction sees.</summary>
    public long Time { get; protected set; }

    public static ReferenceTensor Create(ReferenceSettings settings, ReadOnlySpan<double> initial) =>
        settings.Peer switch
        {
            Peer.Keras or Peer.TfKeras => new KerasReference(settings, initial),
            Peer.MXNet => new MXNetReference(settings, initial),
            Peer.Optax => new OptaxReference(settings, initial),
            Peer.Torch => new TorchReference(settings, initial),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Peer, "unknown peer"),
        };

    public static ReferenceTensor Create(ReferenceSettings settings, ReadOnlySpan<float> initial) =>
        Create(settings, Widen(initial));

    /// <summary>One optimizer step; null where this tensor has no gradient at this step.</summary>
    public void Step(double[]? gradient)
    {
        if (gradient is not null && gradient.Length != W.Length)
            throw new ArgumentException($"{gradient.Length} gradients for {W.Length} weights", nameof(gradient));
        Update(gradient is null ? null : Prepared(gradient));
    }

    public void Step(ReadOnlySpan<float> gradient) => Step(Widen(gradient));

    protected abstract void Update(double[]? g);

    protected static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }

    private double[] Prepared(double[] gradient)
    {
        double[] g = new double[gradient.Length];
        double squares = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double scaled = gradient[i] * Settings.GradientScale * (Settings.Maximize ? -1 : 1);
            g[i] = Math.Clamp(scaled, -Settings.ClipValue, Settings.ClipValue);
            squares += g[i] * g[i];
        }

        double norm = Math.Sqrt(squares);
        if (norm > Settings.ClipNorm)
        {
            for (int i = 0; i < g.Length; i++)
                g[i] = g[i] * Settings.ClipNorm / norm;
        }

        return g;
    }
}
