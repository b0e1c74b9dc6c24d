using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>Alone, because allocations of other tests would be counted with these.</summary>
[Collection(Alone.Name)]
public sealed class ReducedAllocationTests
{
    [Theory]
    [InlineData("BFloat16", MasterWeights.Float32)]
    [InlineData("BFloat16", MasterWeights.Rest16)]
    [InlineData("EightBit", MasterWeights.Rest8)]
    [InlineData("Dynamic", MasterWeights.None)]
    [InlineData("FourBit", MasterWeights.Rest16)]
    public void AStepOfFewerBitsAllocatesNothing(string precision, MasterWeights master)
    {
        foreach (BackendSelection backend in Backend.Available)
        {
            using Parameter first = Parameter.CreateBFloat16(700, master), second = Parameter.CreateHalf(4);
            second.Constraint = NormConstraint.Unit(2, 2);
            OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision) with
            {
                GlobalClipNorm = 1,
                Backend = backend,
            };
            using Optimizer optimizer = OptimizerFactory.Create([first, second], options);
            Memory<Half> gradient = new Half[700];
            AllocationTests.AssertNothing(() =>
            {
                first.SetGradient(gradient);
                optimizer.Step();
                first.UseOwnGradient();
                optimizer.Step();
            });
        }
    }
}
