using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// The float64 reference against the systems' own runs: the peer's float32 must lie as far from our float64 as the file
/// says it lies from the peer's own float64.
/// </summary>
public sealed class PeerDeviationTests
{
    public static TheoryData<string> Singles =>
        [.. GoldenTrajectory.Names().Where(n => GoldenTrajectory.Load(n) is { IsDouble: false, IsBFloat16: false })];

    public static TheoryData<string> Doubles =>
        [.. GoldenTrajectory.Names().Where(n => GoldenTrajectory.Load(n).IsDouble)];

    [Theory]
    [MemberData(nameof(Singles))]
    public void ThePeersFloat32LiesAsFarFromTheReferenceAsFromItsOwnFloat64(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        foreach ((GoldenCheckpoint checkpoint, ReferenceTensor[] tensors) in ReferenceRun.Along(golden))
        {
            string at = $"{name} step {checkpoint.Step}";
            double[][] weights = [.. tensors.Select(t => t.W)];
            AssertDeviation($"{at} parameters", checkpoint.Parameters, weights, checkpoint.ParameterDeviation!.Value);
            foreach ((StateStream stream, PackedTensor[] packed) in checkpoint.State)
            {
                double[][] states = [.. tensors.Select(t => ReferenceRun.State(t, stream))];
                AssertDeviation($"{at} {stream}", packed, states, checkpoint.StateDeviation[stream]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Doubles))]
    public void ThePeersFloat64IsTheReference(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        foreach ((GoldenCheckpoint checkpoint, ReferenceTensor[] tensors) in ReferenceRun.Along(golden))
        {
            string at = $"{name} step {checkpoint.Step}";
            AssertEqual($"{at} parameters", checkpoint.Parameters, [.. tensors.Select(t => t.W)]);
            foreach ((StateStream stream, PackedTensor[] packed) in checkpoint.State)
                AssertEqual($"{at} {stream}", packed, [.. tensors.Select(t => ReferenceRun.State(t, stream))]);
        }
    }

    private static void AssertDeviation(string what, PackedTensor[] peer, double[][] ours, Deviation expected)
    {
        double largest = 0;
        for (int k = 0; k < peer.Length; k++)
        {
            double[] exact = ours[k];
            for (int i = 0; i < peer[k].Values.Length; i++)
                largest = Math.Max(largest, Math.Abs(peer[k].Values[i] - exact[peer[k].Indices[i]]));
            AssertSums(what, peer[k], exact, expected.MaxAbsolute);
        }

        // Three digits are printed. Where only samples are stored, the largest deviation may be at another element.
        bool sampled = peer.Any(p => p.IsSampled);
        double slack = 0.006 * expected.MaxAbsolute + 1e-14;
        Assert.True(largest <= expected.MaxAbsolute + slack,
            $"{what}: {largest:g6} from the reference, {expected.MaxAbsolute:g6} from the peer's float64");
        Assert.True(sampled || largest >= expected.MaxAbsolute - slack,
            $"{what}: only {largest:g6} from the reference, {expected.MaxAbsolute:g6} from the peer's float64");
    }

    private static void AssertSums(string what, PackedTensor peer, double[] exact, double deviation)
    {
        if (!peer.IsSampled)
            return;
        double sum = exact.Sum();
        double squares = exact.Sum(x => x * x);
        double magnitude = exact.Sum(Math.Abs);
        Assert.True(Math.Abs(peer.Sum!.Value - sum) <= peer.Count * deviation + 1e-11 * magnitude,
            $"{what}: sum {sum:R} instead of {peer.Sum:R}");
        Assert.True(Math.Abs(peer.SumOfSquares!.Value - squares) <= 2.001 * deviation * magnitude + 1e-11 * squares,
            $"{what}: squares {squares:R} instead of {peer.SumOfSquares:R}");
    }

    private static void AssertEqual(string what, PackedTensor[] peer, double[][] ours)
    {
        for (int k = 0; k < peer.Length; k++)
        {
            double[] exact = ours[k];
            for (int i = 0; i < peer[k].Values.Length; i++)
            {
                double theirs = peer[k].Values[i];
                double mine = exact[peer[k].Indices[i]];
                Assert.True(Math.Abs(theirs - mine) <= 2e-14 * Math.Max(Math.Abs(theirs), 1e-3),
                    $"{what}, tensor {k}, element {peer[k].Indices[i]}: {mine:R} instead of {theirs:R}");
            }
        }
    }
}
