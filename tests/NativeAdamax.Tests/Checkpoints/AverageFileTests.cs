using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>An average that no optimizer keeps goes on where it was saved.</summary>
public sealed class AverageFileTests
{
    [Fact]
    public void AnAverageGoesOnWithTheSameBits()
    {
        foreach (EmaOptions options in new EmaOptions[] { new(), new() { WarmUp = true }, new() { ZeroDebias = true } })
        {
            using TemporaryFolder folder = new();
            using Run run = new(new AdamOptions(), [40, 3]);
            using WeightEma whole = new(run.Parameters, options);
            Move(whole, run, 0, 3);
            MemoryStream stream = new();
            whole.Save(stream);
            whole.Save(folder.File("a"));
            Assert.Equal(stream.ToArray(), File.ReadAllBytes(folder.File("a")));
            using WeightEma mapped = new(run.Parameters, options), streamed = new(run.Parameters, options);
            mapped.Load(folder.File("a"));
            streamed.Load(new OneWay(stream.ToArray()));
            Move(whole, run, 3, 6);
            foreach (WeightEma second in new[] { mapped, streamed })
            {
                Move(second, run, 3, 6);
                Assert.Equal(6, second.Updates);
                Bits.AssertEqual(whole.Average(run.Parameters[0]), second.Average(run.Parameters[0]), "the average");
            }
        }
    }

    [Fact]
    public void WhatDoesNotFitOrIsDamagedChangesNothing()
    {
        using Run run = new(new AdamOptions { Ema = new EmaOptions() }, [40, 3]), other = new(new AdamOptions(), [41, 3]);
        using WeightEma ema = new(run.Parameters);
        ema.Update();
        MemoryStream stream = new();
        ema.Save(stream);
        byte[] saved = stream.ToArray(), damaged = [.. saved];
        damaged[^1] ^= 1;
        Assert.Throws<CheckpointFormatException>(() => ema.Load(new MemoryStream(damaged)));
        Assert.Throws<CheckpointFormatException>(() => ema.Load(new MemoryStream(saved[..^1])));
        using WeightEma longer = new(other.Parameters), slower = new(run.Parameters, new EmaOptions { Momentum = 0.5 });
        LoadReport report = Assert.Throws<CheckpointMismatchException>(() => longer.Load(new MemoryStream(saved))).Report;
        Assert.Contains(new CheckpointMismatch("w0.average", "F32 [40]", "F32 [41]"), report.Mismatched);
        report = Assert.Throws<CheckpointMismatchException>(() => slower.Load(new MemoryStream(saved))).Report;
        Assert.Equal("average", Assert.Single(report.Mismatched).Name);
        Assert.Equal((0L, 0L), (longer.Updates, slower.Updates));
        Assert.Contains("run", Assert.Throws<CheckpointMismatchException>(() => ema.Load(new MemoryStream(run.Save()))).Report.Missing);
        using (ema.Swap())
            Assert.Throws<InvalidOperationException>(() => ema.Save(new MemoryStream()));
        Assert.Throws<InvalidOperationException>(() => run.Optimizer.Ema!.Save(new MemoryStream()));
        MemoryStream again = new();
        ema.Save(again);
        Assert.Equal(saved, again.ToArray());
    }

    private static void Move(WeightEma ema, Run run, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            foreach (Parameter parameter in run.Parameters)
                Training.Numbers((uint)i + 5, (int)parameter.Length).CopyTo(parameter.Weights);
            ema.Update();
        }
    }
}
