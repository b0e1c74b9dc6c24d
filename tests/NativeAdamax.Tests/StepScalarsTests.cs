using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests;

public sealed unsafe class StepScalarsTests
{
    [Fact]
    public void NewScalarsAskForNoOptionalOperation()
    {
        NaScalars row = new StepScalars().ToNative();
        Assert.Equal(On.Nothing, Options.OfRow(&row));
        Assert.Equal(float.PositiveInfinity, row.v_cap);
        Assert.Equal(0, row.c1 + row.c2 + row.eps + row.step + row.ema);
    }

    [Fact]
    public void EveryScalarReachesItsOwnFieldRoundedOnce()
    {
        StepScalars scalars = new()
        {
            GradScale = 0.1,
            Clip = 0.2,
            L2 = 0.3,
            C1 = 1 - 0.9,
            C2 = 1 - 0.999,
            VCap = 0.4,
            NuScale = 0.6,
            Root = 0.7,
            Eps = 1e-8,
            EpsIn = 1e-7,
            NumM = 0.8,
            NumG = 0.9,
            Lambda = 1.1,
            Step = 1.2,
            Ema = 1 - 0.99,
            ZeroGrad = true,
            EmaOverwrite = true,
            NonNegative = true,
        };
        NaScalars expected = new()
        {
            grad_scale = 0.1f,
            clip = 0.2f,
            l2 = 0.3f,
            c1 = (float)(1 - 0.9),
            c2 = (float)(1 - 0.999),
            v_cap = 0.4f,
            nu_scale = 0.6f,
            root = 0.7f,
            eps = 1e-8f,
            eps_in = 1e-7f,
            num_m = 0.8f,
            num_g = 0.9f,
            lambda = 1.1f,
            step = 1.2f,
            ema = (float)(1 - 0.99),
            flags = NativeMethods.NA_ZERO_GRAD | NativeMethods.NA_EMA_OVERWRITE | NativeMethods.NA_NON_NEGATIVE,
        };
        Assert.Equal(expected, scalars.ToNative());
    }

    [Fact]
    public void EveryFlagHasABitOfItsOwn()
    {
        Assert.Equal(NativeMethods.NA_ZERO_GRAD, new StepScalars { ZeroGrad = true }.ToNative().flags);
        Assert.Equal(NativeMethods.NA_EMA_OVERWRITE, new StepScalars { EmaOverwrite = true }.ToNative().flags);
        Assert.Equal(NativeMethods.NA_NON_NEGATIVE, new StepScalars { NonNegative = true }.ToNative().flags);
    }

    /// <summary>Epsilon 1e-45 times a correction below 1 would be 0, and a dead parameter 0 / 0.</summary>
    [Fact]
    public void AnEpsilonAboveZeroStaysAboveZero()
    {
        NaScalars row = new StepScalars { Eps = 1e-46, EpsIn = 1e-300 }.ToNative();
        Assert.Equal((float.Epsilon, float.Epsilon), (row.eps, row.eps_in));
        using Parameter dead = Parameter.Create([1f]);
        using Adam optimizer = new([dead], new AdamOptions { Dialect = Dialect.PyTorch, Epsilon = 1e-44 });
        optimizer.Step();
        Assert.Equal(1f, dead.Weights[0]);
    }
}
