using NativeAdamax.Dialects;

namespace NativeAdamax.Tests.Dialects;

/// <summary>What a recipe does not compute again gives the bits of what it would compute.</summary>
public sealed class RecipeTests
{
    [Fact]
    public void CorrectionsThatHaveComeToOneHaveTheBitsOfThePowers()
    {
        Random random = new(20241121);
        for (int i = 0; i < 2000; i++)
        {
            double beta1 = 1 - Math.ScaleB(1 + random.NextDouble(), -random.Next(2, 20));
            double beta2 = 1 - Math.ScaleB(1 + random.NextDouble(), -random.Next(2, 20));
            Recipe recipe = new AdamOptions { Dialect = Dialect.PyTorch, Beta1 = beta1, Beta2 = beta2 }.Resolve().ToRecipe();
            double end = 42 / (1 - Math.Max(beta1, beta2));
            foreach (long t in (ReadOnlySpan<long>)[1, (long)(end * random.NextDouble()) + 1, (long)end, (long)end + 1, (long)(end * 9)])
            {
                double b1 = 1 - FixedMath.Power(beta1, t), b2 = 1 - FixedMath.Power(beta2, t);
                StepScalars scalars = recipe.At(new StepRates(0.001, null), t, 1);
                Assert.Equal(0.001 * Math.Sqrt(b2) / b1, scalars.Step);
                Assert.Equal(1e-8 * Math.Sqrt(b2), scalars.Eps);
            }
        }
    }

    [Fact]
    public void MomentaDoNotDependOnWhatWasAskedBefore()
    {
        Random random = new(20241121);
        Momenta momenta = new(0.004);
        for (int i = 0; i < 2000; i++)
        {
            long t = random.Next(3) == 0 ? random.Next(1, 10_000_000) : random.Next(1, 6);
            Assert.Equal(new Momenta(0.004).At(t), momenta.At(t));
        }
    }
}
