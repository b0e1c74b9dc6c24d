using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// Every optimizer in every dialect with that system's defaults (optax, which has no default rate: 0.001).
/// </summary>
internal static class OptimizerCases
{
    private static readonly Dictionary<string, ReferenceSettings> Cases = Build();

    public static IReadOnlyCollection<string> All => Cases.Keys;

    public static TheoryData<string> Names => [.. All];

    public static TheoryData<string> Backends => [.. Backend.Available.Select(b => b.ToString())];

    public static ReferenceSettings Of(string name) => Cases[name];

    private static Dictionary<string, ReferenceSettings> Build()
    {
        Dictionary<string, ReferenceSettings> cases = [];
        foreach (Peer peer in Enum.GetValues<Peer>())
        {
            foreach (Algorithm algorithm in Enum.GetValues<Algorithm>())
                cases.Add($"{peer} {algorithm}", Default(peer, algorithm));
            if (peer != Peer.MXNet)
                cases.Add($"{peer} AMSGrad", Default(peer, Algorithm.Adam) with { AmsGrad = true });
        }

        return cases;
    }

    private static ReferenceSettings Default(Peer peer, Algorithm algorithm) => new()
    {
        Peer = peer,
        Algorithm = algorithm,
        LearningRate = (peer, algorithm) switch
        {
            (Peer.Torch, Algorithm.Nadam) or (Peer.Torch or Peer.MXNet, Algorithm.Adamax) => 0.002,
            _ => 0.001,
        },
        Epsilon = (peer, algorithm) switch
        {
            (Peer.Keras or Peer.TfKeras, _) => 1e-7,
            (Peer.MXNet, Algorithm.AdamW) => 1e-6,
            _ => 1e-8,
        },
        WeightDecay = algorithm != Algorithm.AdamW ? 0 : peer switch
        {
            Peer.Keras or Peer.TfKeras => 0.004,
            Peer.Optax => 1e-4,
            Peer.Torch => 0.01,
            _ => 0,
        },
        // MXNet's default is the fused step, whose decay reads the weight from before the update.
        FusedStep = peer == Peer.MXNet,
    };
}
