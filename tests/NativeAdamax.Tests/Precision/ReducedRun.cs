using System.Runtime.InteropServices;
using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>What a parameter's weights are kept in.</summary>
public enum WeightKind
{
    Float32,
    BFloat16,
    Half,
    Rest16,
    Rest8,
    None,
}

/// <summary>What gradients come in.</summary>
public enum GradientKind
{
    Float32,
    BFloat16,
    Half,
}

/// <summary>
/// A run over weights of some kind with gradients of some type that depend on them, so that a bit that is lost once is lost
/// for ever.
/// </summary>
internal sealed class ReducedRun : IDisposable
{
    private readonly GradientKind _gradient;
    private int _calls;

    public ReducedRun(
        OptimizerOptions options, WeightKind weights, GradientKind gradient, int[] lengths, uint seed = 1,
        Action<Parameter[]>? prepare = null)
    {
        _gradient = gradient;
        Parameters = [.. lengths.Select((n, k) => Make(weights, Training.Numbers(seed + (uint)k, n), $"w{k}"))];
        prepare?.Invoke(Parameters);
        Optimizer = OptimizerFactory.Create(Parameters, options);
    }

    public Parameter[] Parameters { get; }

    public Optimizer Optimizer { get; }

    /// <summary>Numbers as weights of a kind; all kinds begin with the same, which bfloat16 and binary16 have.</summary>
    public static Parameter Make(WeightKind kind, float[] numbers, string? name = null)
    {
        float[] initial = [.. numbers.Select(x => (float)(Half)(float)(BFloat16)x)];
        BFloat16[] reduced = [.. initial.Select(x => (BFloat16)x)];
        return kind switch
        {
            WeightKind.Float32 => Parameter.Create(initial, name),
            WeightKind.Half => Parameter.Over(initial.Select(x => (Half)x).ToArray(), name: name),
            WeightKind.BFloat16 => Parameter.Over(reduced, master: MasterWeights.Float32, name: name),
            _ => Parameter.Over(reduced, master: Enum.Parse<MasterWeights>(kind.ToString()), name: name),
        };
    }

    public static float[] WeightsOf(Parameter parameter)
    {
        float[] weights = new float[parameter.Length];
        parameter.CopyWeightsTo(weights);
        return weights;
    }

    public ReducedRun At(int call)
    {
        _calls = call;
        return this;
    }

    public ReducedRun Call(int calls = 1)
    {
        for (int i = 0; i < calls; i++)
        {
            NextGradients();
            Optimizer.Step();
        }

        return this;
    }

    /// <summary>Gives every parameter the gradient of the next call.</summary>
    public void NextGradients()
    {
        _calls++;
        for (int k = 0; k < Parameters.Length; k++)
        {
            float[] g = Training.Numbers((uint)(1000 * _calls + k), (int)Parameters[k].Length), w = WeightsOf(Parameters[k]);
            for (int i = 0; i < g.Length; i++)
                g[i] = (float)(Half)(float)(BFloat16)(g[i] + 0.5f * w[i]);
            Set(Parameters[k], g, _gradient);
        }
    }

    public static void Set(Parameter parameter, float[] gradient, GradientKind kind)
    {
        if (kind == GradientKind.Float32)
            parameter.SetGradient(gradient);
        else if (kind == GradientKind.BFloat16)
            parameter.SetGradient(gradient.Select(x => (BFloat16)x).ToArray());
        else
            parameter.SetGradient(gradient.Select(x => (Half)x).ToArray());
    }

    public byte[] Save()
    {
        MemoryStream stream = new();
        Optimizer.Save(stream);
        return stream.ToArray();
    }

    public LoadReport Load(byte[] bytes, LoadOptions? options = null) =>
        Optimizer.Load(new MemoryStream(bytes), options);

    /// <summary>What the model reads, as bytes.</summary>
    public static byte[] ModelBytes(Parameter parameter) => parameter.Master switch
    {
        null => MemoryMarshal.AsBytes(parameter.Weights).ToArray(),
        MasterWeights.Float32 when IsHalf(parameter) => MemoryMarshal.AsBytes(parameter.HalfWeights).ToArray(),
        _ => MemoryMarshal.AsBytes(parameter.BFloat16Weights).ToArray(),
    };

    /// <summary>All that there is: what the model reads, and everything that is kept.</summary>
    public void AssertSame(ReducedRun other, string what)
    {
        for (int k = 0; k < Parameters.Length; k++)
        {
            Bits.AssertEqual(WeightsOf(Parameters[k]), WeightsOf(other.Parameters[k]), $"{what}, weights {k}");
            Assert.True(ModelBytes(Parameters[k]).SequenceEqual(ModelBytes(other.Parameters[k])), $"{what}, model {k}");
        }

        Assert.True(Save().AsSpan().SequenceEqual(other.Save()), $"{what}: the states differ");
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        foreach (Parameter parameter in Parameters)
            parameter.Dispose();
    }

    private static bool IsHalf(Parameter parameter)
    {
        try
        {
            _ = parameter.HalfWeights;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
