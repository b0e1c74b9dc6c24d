using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>A run with gradients that depend on the weights, so that a bit that is lost once is lost for ever.</summary>
internal sealed class Run : IDisposable
{
    private int _calls;

    public Run(OptimizerOptions options, int[] lengths, uint seed = 1, Action<Parameter[]>? prepare = null)
    {
        Parameters = [.. lengths.Select((n, k) => Parameter.Create(Training.Numbers(seed + (uint)k, n), $"w{k}"))];
        prepare?.Invoke(Parameters);
        Optimizer = OptimizerFactory.Create(Parameters, options);
    }

    public Run(Func<Parameter[], Optimizer> create, int[] lengths, uint seed = 1)
    {
        Parameters = [.. lengths.Select((n, k) => Parameter.Create(Training.Numbers(seed + (uint)k, n), $"w{k}"))];
        Optimizer = create(Parameters);
    }

    public Parameter[] Parameters { get; }

    public Optimizer Optimizer { get; }

    /// <summary>The call that the next gradients are of; they are made from it and the weights.</summary>
    public Run At(int call)
    {
        _calls = call;
        return this;
    }

    public Run Call(int calls = 1)
    {
        for (int i = 0; i < calls; i++)
        {
            _calls++;
            for (int k = 0; k < Parameters.Length; k++)
                Fill(k);
            Optimizer.Step();
        }

        return this;
    }

    public byte[] Save(SaveOptions? options = null)
    {
        MemoryStream stream = new();
        Optimizer.Save(stream, options);
        return stream.ToArray();
    }

    public LoadReport Load(byte[] bytes, LoadOptions? options = null) => Optimizer.Load(new MemoryStream(bytes), options);

    /// <summary>All that there is. Saving comes first: rows make up for what they missed.</summary>
    public void AssertSame(Run other, string what)
    {
        byte[] mine = Save(), others = other.Save();
        for (int k = 0; k < Parameters.Length; k++)
            Bits.AssertEqual(Parameters[k].Weights, other.Parameters[k].Weights, $"{what}, weights {k}");
        Assert.True(mine.AsSpan().SequenceEqual(others), $"{what}: the states differ");
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        foreach (Parameter parameter in Parameters)
            parameter.Dispose();
    }

    private void Fill(int k)
    {
        Parameter parameter = Parameters[k];
        if ((_calls + k) % 7 == 3 && Optimizer.Options.Dialect == Dialect.PyTorch)
        {
            parameter.ClearGradient();
            return;
        }

        if (!parameter.HasGradient)
            parameter.UseOwnGradient();
        float[] numbers = Training.Numbers((uint)(1000 * _calls + k), (int)parameter.Length);
        for (int i = 0; i < numbers.Length; i++)
            parameter.Gradient[i] = numbers[i] + 0.5f * parameter.Weights[i];
    }
}
