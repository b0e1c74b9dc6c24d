using NativeAdamax.Schedules.PyTorch;
using Keras = NativeAdamax.Schedules.Keras;
using MXNet = NativeAdamax.Schedules.MXNet;
using Optax = NativeAdamax.Schedules.Optax;

namespace NativeAdamax.Tests.Schedules;

/// <summary>Each argument is refused at construction, by its own name, just outside its range.</summary>
public sealed class ScheduleErrorTests
{
    private static readonly Optax.WarmupCosineDecaySchedule Cycle = new(0, 1, 1, 3);

    private static readonly Dictionary<string, Action<double>> Rates = new()
    {
        ["Keras ExponentialDecay initialLearningRate"] = x => _ = new Keras.ExponentialDecay(x, 1, 1),
        ["Keras ExponentialDecay decayRate"] = x => _ = new Keras.ExponentialDecay(1, 1, x),
        ["Keras InverseTimeDecay initialLearningRate"] = x => _ = new Keras.InverseTimeDecay(x, 1, 1),
        ["Keras InverseTimeDecay decayRate"] = x => _ = new Keras.InverseTimeDecay(1, 1, x),
        ["Keras PiecewiseConstantDecay values"] = x => _ = new Keras.PiecewiseConstantDecay([3], [1, x]),
        ["Keras PolynomialDecay initialLearningRate"] = x => _ = new Keras.PolynomialDecay(x, 1),
        ["Keras PolynomialDecay endLearningRate"] = x => _ = new Keras.PolynomialDecay(1, 1, x),
        ["Keras PolynomialDecay power"] = x => _ = new Keras.PolynomialDecay(1, 1, 1, x),
        ["Keras CosineDecay initialLearningRate"] = x => _ = new Keras.CosineDecay(x, 1),
        ["Keras CosineDecay alpha"] = x => _ = new Keras.CosineDecay(1, 1, x),
        ["Keras CosineDecay warmupTarget"] = x => _ = new Keras.CosineDecay(1, 1, 0, x),
        ["Keras CosineDecayRestarts initialLearningRate"] = x => _ = new Keras.CosineDecayRestarts(x, 1),
        ["Keras CosineDecayRestarts tMul"] = x => _ = new Keras.CosineDecayRestarts(1, 1, x),
        ["Keras CosineDecayRestarts mMul"] = x => _ = new Keras.CosineDecayRestarts(1, 1, 1, x),
        ["Keras CosineDecayRestarts alpha"] = x => _ = new Keras.CosineDecayRestarts(1, 1, 1, 1, x),
        ["MXNet FactorScheduler factor"] = x => _ = new MXNet.FactorScheduler(1, x),
        ["MXNet FactorScheduler stopFactorLr"] = x => _ = new MXNet.FactorScheduler(1, 1, x),
        ["MXNet FactorScheduler baseLr"] = x => _ = new MXNet.FactorScheduler(1, 1, 0, x),
        ["MXNet FactorScheduler warmupBeginLr"] = x => _ = new MXNet.FactorScheduler(1, 1, 0, 1, 1, x),
        ["MXNet MultiFactorScheduler factor"] = x => _ = new MXNet.MultiFactorScheduler([1], x),
        ["MXNet PolyScheduler pwr"] = x => _ = new MXNet.PolyScheduler(1, 1, x),
        ["MXNet PolyScheduler finalLr"] = x => _ = new MXNet.PolyScheduler(1, 1, 1, x),
        ["MXNet CosineScheduler finalLr"] = x => _ = new MXNet.CosineScheduler(1, 1, x),
        ["MXNet overwritten learningRate"] = x => _ = new MXNet.CosineScheduler(1).Overwritten(x),
        ["optax ConstantSchedule value"] = x => _ = new Optax.ConstantSchedule(x),
        ["optax LinearSchedule initValue"] = x => _ = new Optax.LinearSchedule(x, 1, 1),
        ["optax LinearSchedule endValue"] = x => _ = new Optax.LinearSchedule(1, x, 1),
        ["optax PolynomialSchedule power"] = x => _ = new Optax.PolynomialSchedule(1, 1, x, 1),
        ["optax ExponentialDecay initValue"] = x => _ = new Optax.ExponentialDecay(x, 1, 1),
        ["optax ExponentialDecay decayRate"] = x => _ = new Optax.ExponentialDecay(1, 1, x),
        ["optax ExponentialDecay endValue"] = x => _ = new Optax.ExponentialDecay(1, 1, 1, endValue: x),
        ["optax CosineDecaySchedule initValue"] = x => _ = new Optax.CosineDecaySchedule(x, 1),
        ["optax CosineDecaySchedule alpha"] = x => _ = new Optax.CosineDecaySchedule(1, 1, x),
        ["optax CosineDecaySchedule exponent"] = x => _ = new Optax.CosineDecaySchedule(1, 1, 0, x),
        ["optax WarmupConstantSchedule initValue"] = x => _ = new Optax.WarmupConstantSchedule(x, 1, 1),
        ["optax WarmupConstantSchedule peakValue"] = x => _ = new Optax.WarmupConstantSchedule(1, x, 1),
        ["optax WarmupCosineDecaySchedule initValue"] = x => _ = new Optax.WarmupCosineDecaySchedule(x, 1, 1, 2),
        ["optax WarmupCosineDecaySchedule peakValue"] = x => _ = new Optax.WarmupCosineDecaySchedule(1, x, 1, 2),
        ["optax WarmupCosineDecaySchedule endValue"] = x => _ = new Optax.WarmupCosineDecaySchedule(1, 0, 1, 2, x),
        ["optax WarmupCosineDecaySchedule exponent"] = x => _ = new Optax.WarmupCosineDecaySchedule(1, 1, 1, 2, 1, x),
        ["optax WarmupExponentialDecaySchedule initValue"] = x =>
            _ = new Optax.WarmupExponentialDecaySchedule(x, 1, 1, 1, 1),
        ["optax WarmupExponentialDecaySchedule peakValue"] = x =>
            _ = new Optax.WarmupExponentialDecaySchedule(1, x, 1, 1, 1),
        ["optax WarmupExponentialDecaySchedule decayRate"] = x =>
            _ = new Optax.WarmupExponentialDecaySchedule(1, 1, 1, 1, x),
        ["optax WarmupExponentialDecaySchedule endValue"] = x =>
            _ = new Optax.WarmupExponentialDecaySchedule(1, 1, 1, 1, 1, endValue: x),
        ["optax PiecewiseConstantSchedule initValue"] = x => _ = new Optax.PiecewiseConstantSchedule(x, []),
        ["optax PiecewiseConstantSchedule boundariesAndScales"] = x =>
            _ = new Optax.PiecewiseConstantSchedule(1, [new(1, x)]),
        ["optax PiecewiseInterpolateSchedule boundariesAndScales"] = x =>
            _ = new Optax.PiecewiseInterpolateSchedule(0, 1, [new(1, x)]),
        ["optax LinearOneCycleSchedule peakValue"] = x => _ = new Optax.LinearOneCycleSchedule(1, x),
        ["optax LinearOneCycleSchedule pctStart"] = x => _ = new Optax.LinearOneCycleSchedule(1, 1, x),
        ["optax LinearOneCycleSchedule pctFinal"] = x => _ = new Optax.LinearOneCycleSchedule(1, 1, 0, x),
        ["optax LinearOneCycleSchedule divFactor"] = x => _ = new Optax.LinearOneCycleSchedule(1, 1, divFactor: x),
        ["optax LinearOneCycleSchedule finalDivFactor"] = x =>
            _ = new Optax.LinearOneCycleSchedule(1, 1, finalDivFactor: x),
        ["optax CosineOneCycleSchedule peakValue"] = x => _ = new Optax.CosineOneCycleSchedule(1, x),
        ["optax CosineOneCycleSchedule pctStart"] = x => _ = new Optax.CosineOneCycleSchedule(1, 1, x),
        ["optax CosineOneCycleSchedule divFactor"] = x => _ = new Optax.CosineOneCycleSchedule(1, 1, divFactor: x),
        ["optax CosineOneCycleSchedule finalDivFactor"] = x =>
            _ = new Optax.CosineOneCycleSchedule(1, 1, finalDivFactor: x),
        ["optax ReduceOnPlateau factor"] = x => _ = new Optax.ReduceOnPlateau(1.0, x),
        ["optax ReduceOnPlateau rtol"] = x => _ = new Optax.ReduceOnPlateau(1.0, rtol: x),
        ["optax ReduceOnPlateau atol"] = x => _ = new Optax.ReduceOnPlateau(1.0, atol: x),
        ["optax ReduceOnPlateau minScale"] = x => _ = new Optax.ReduceOnPlateau(1.0, minScale: x),
        ["PyTorch StepLR baseLr"] = x => _ = new StepLR(x, 1),
        ["PyTorch StepLR gamma"] = x => _ = new StepLR(1, 1, x),
        ["PyTorch MultiStepLR gamma"] = x => _ = new MultiStepLR(1, [1], x),
        ["PyTorch ExponentialLR gamma"] = x => _ = new ExponentialLR(1, x),
        ["PyTorch LambdaLR baseLr"] = x => _ = new LambdaLR(x, _ => 1),
        ["PyTorch LinearLR startFactor"] = x => _ = new LinearLR(1, x),
        ["PyTorch LinearLR endFactor"] = x => _ = new LinearLR(1, 1, x),
        ["PyTorch ConstantLR factor"] = x => _ = new ConstantLR(1, x),
        ["PyTorch PolynomialLR power"] = x => _ = new PolynomialLR(1, 1, x),
        ["PyTorch CosineAnnealingLR baseLr"] = x => _ = new CosineAnnealingLR(x, 1),
        ["PyTorch CosineAnnealingLR etaMin"] = x => _ = new CosineAnnealingLR(1, 1, x),
        ["PyTorch CosineAnnealingWarmRestarts baseLr"] = x => _ = new CosineAnnealingWarmRestarts(x, 1),
        ["PyTorch CosineAnnealingWarmRestarts etaMin"] = x => _ = new CosineAnnealingWarmRestarts(1, 1, 1, x),
        ["PyTorch CyclicLR baseLr"] = x => _ = new CyclicLR(x, 1),
        ["PyTorch CyclicLR maxLr"] = x => _ = new CyclicLR(1, x),
        ["PyTorch CyclicLR gamma"] = x => _ = new CyclicLR(1, 1, gamma: x),
        ["PyTorch OneCycleLR maxLr"] = x => _ = new OneCycleLR(x, 1),
        ["PyTorch OneCycleLR pctStart"] = x => _ = new OneCycleLR(1, 1, x),
        ["PyTorch OneCycleLR baseMomentum"] = x => _ = new OneCycleLR(1, 1, baseMomentum: x),
        ["PyTorch OneCycleLR maxMomentum"] = x => _ = new OneCycleLR(1, 1, maxMomentum: x),
        ["PyTorch OneCycleLR divFactor"] = x => _ = new OneCycleLR(1, 1, divFactor: x),
        ["PyTorch OneCycleLR finalDivFactor"] = x => _ = new OneCycleLR(1, 1, finalDivFactor: x),
        ["PyTorch ReduceLROnPlateau baseLr"] = x => _ = new ReduceLROnPlateau(x),
        ["PyTorch ReduceLROnPlateau factor"] = x => _ = new ReduceLROnPlateau(1, factor: x),
        ["PyTorch ReduceLROnPlateau threshold"] = x => _ = new ReduceLROnPlateau(1, threshold: x),
        ["PyTorch ReduceLROnPlateau minLr"] = x => _ = new ReduceLROnPlateau(1, minLr: x),
        ["PyTorch ReduceLROnPlateau eps"] = x => _ = new ReduceLROnPlateau(1, eps: x),
    };

    /// <summary>With the least value that is accepted.</summary>
    private static readonly Dictionary<string, (long Least, Action<long> Make)> Counts = new()
    {
        ["Keras ExponentialDecay decaySteps"] = (1, n => _ = new Keras.ExponentialDecay(1, n, 1)),
        ["Keras InverseTimeDecay decaySteps"] = (1, n => _ = new Keras.InverseTimeDecay(1, n, 1)),
        ["Keras PolynomialDecay decaySteps"] = (1, n => _ = new Keras.PolynomialDecay(1, n)),
        ["Keras CosineDecay decaySteps"] = (1, n => _ = new Keras.CosineDecay(1, n)),
        ["Keras CosineDecay warmupSteps"] = (0, n => _ = new Keras.CosineDecay(1, 1, 0, 1, n)),
        ["Keras CosineDecayRestarts firstDecaySteps"] = (1, n => _ = new Keras.CosineDecayRestarts(1, n)),
        ["Keras PiecewiseConstantDecay boundaries"] = (0, n => _ = new Keras.PiecewiseConstantDecay([n], [1, 1])),
        ["MXNet FactorScheduler step"] = (1, n => _ = new MXNet.FactorScheduler(n)),
        ["MXNet FactorScheduler warmupSteps"] = (0, n => _ = new MXNet.FactorScheduler(1, warmupSteps: n)),
        ["MXNet MultiFactorScheduler step"] = (1, n => _ = new MXNet.MultiFactorScheduler([n])),
        ["MXNet PolyScheduler maxUpdate"] = (1, n => _ = new MXNet.PolyScheduler(n)),
        ["MXNet PolyScheduler with warm-up maxUpdate"] = (6, n => _ = new MXNet.PolyScheduler(n, warmupSteps: 5)),
        ["MXNet CosineScheduler maxUpdate"] = (1, n => _ = new MXNet.CosineScheduler(n)),
        ["optax PolynomialSchedule transitionBegin"] = (0, n => _ = new Optax.PolynomialSchedule(1, 1, 1, 1, n)),
        ["optax LinearSchedule transitionBegin"] = (0, n => _ = new Optax.LinearSchedule(1, 1, 1, n)),
        ["optax ExponentialDecay transitionBegin"] = (0, n => _ = new Optax.ExponentialDecay(1, 1, 1, n)),
        ["optax CosineDecaySchedule decaySteps"] = (1, n => _ = new Optax.CosineDecaySchedule(1, n)),
        ["optax WarmupCosineDecaySchedule warmupSteps"] = (0, n => _ = new Optax.WarmupCosineDecaySchedule(1, 1, n, 5)),
        ["optax WarmupCosineDecaySchedule decaySteps"] = (6, n => _ = new Optax.WarmupCosineDecaySchedule(1, 1, 5, n)),
        ["optax WarmupExponentialDecaySchedule warmupSteps"] = (0, n =>
            _ = new Optax.WarmupExponentialDecaySchedule(1, 1, n, 1, 1)),
        ["optax PiecewiseConstantSchedule boundariesAndScales"] = (0, n =>
            _ = new Optax.PiecewiseConstantSchedule(1, [new(n, 1)])),
        ["optax LinearOneCycleSchedule transitionSteps"] = (1, n => _ = new Optax.LinearOneCycleSchedule(n, 1)),
        ["optax CosineOneCycleSchedule transitionSteps"] = (1, n => _ = new Optax.CosineOneCycleSchedule(n, 1)),
        ["optax JoinSchedules boundaries"] = (0, n => _ = new Optax.JoinSchedules([1, 1], [n])),
        ["optax ReduceOnPlateau patience"] = (1, n => _ = new Optax.ReduceOnPlateau(1.0, patience: (int)n)),
        ["optax ReduceOnPlateau cooldown"] = (0, n => _ = new Optax.ReduceOnPlateau(1.0, cooldown: (int)n)),
        ["optax ReduceOnPlateau accumulationSize"] = (1, n =>
            _ = new Optax.ReduceOnPlateau(1.0, accumulationSize: (int)n)),
        ["PyTorch StepLR stepSize"] = (1, n => _ = new StepLR(1, n)),
        ["PyTorch MultiStepLR milestones"] = (0, n => _ = new MultiStepLR(1, [n])),
        ["PyTorch LinearLR totalIters"] = (1, n => _ = new LinearLR(1, totalIters: n)),
        ["PyTorch ConstantLR totalIters"] = (0, n => _ = new ConstantLR(1, totalIters: n)),
        ["PyTorch PolynomialLR totalIters"] = (1, n => _ = new PolynomialLR(1, n)),
        ["PyTorch CosineAnnealingLR tMax"] = (1, n => _ = new CosineAnnealingLR(1, n)),
        ["PyTorch CosineAnnealingWarmRestarts t0"] = (1, n => _ = new CosineAnnealingWarmRestarts(1, n)),
        ["PyTorch CosineAnnealingWarmRestarts tMult"] = (1, n => _ = new CosineAnnealingWarmRestarts(1, 1, n)),
        ["PyTorch CyclicLR stepSizeUp"] = (1, n => _ = new CyclicLR(1, 1, n)),
        ["PyTorch CyclicLR stepSizeDown"] = (1, n => _ = new CyclicLR(1, 1, 1, n)),
        ["PyTorch OneCycleLR totalSteps"] = (1, n => _ = new OneCycleLR(1, n)),
        ["PyTorch SequentialLR milestones"] = (0, n => _ = new SequentialLR([1, 1], [n])),
        ["PyTorch ReduceLROnPlateau patience"] = (0, n => _ = new ReduceLROnPlateau(1, patience: (int)n)),
        ["PyTorch ReduceLROnPlateau cooldown"] = (0, n => _ = new ReduceLROnPlateau(1, cooldown: (int)n)),
        ["all count"] = (0, n => _ = Cycle.At(n)),
        ["all beta1 count"] = (0, n => _ = new OneCycleLR(1, 10).Beta1At(n)),
        ["all joined beta1 count"] = (0, n => _ = new SequentialLR([1], []).Beta1At(n)),
        ["all factor count"] = (0, n => _ = new StepLR(1, 1).FactorAt(n)),
        ["all sample from"] = (0, n => _ = Cycle.Sample(n, 1)),
        ["all sample count"] = (0, n => _ = Cycle.Sample(0, (int)n)),
        ["all every steps"] = (1, n => _ = Cycle.Every(n)),
    };

    private static readonly Dictionary<string, Action> Others = new()
    {
        ["Keras more values boundaries values"] = () => _ = new Keras.PiecewiseConstantDecay([1], [1, 1, 1]),
        ["Keras fewer values values"] = () => _ = new Keras.PiecewiseConstantDecay([1], [1]),
        ["Keras falling boundaries"] = () => _ = new Keras.PiecewiseConstantDecay([2, 1], [1, 1, 1]),
        ["Keras equal boundaries"] = () => _ = new Keras.PiecewiseConstantDecay([2, 2], [1, 1, 1]),
        ["Keras no boundaries"] = () => _ = new Keras.PiecewiseConstantDecay(null!, [1]),
        ["Keras no values"] = () => _ = new Keras.PiecewiseConstantDecay([1], null!),
        ["Keras shrinking tMul"] = () => _ = new Keras.CosineDecayRestarts(1, 1, 0.99),
        ["Keras floor above all alpha"] = () => _ = new Keras.CosineDecayRestarts(1, 1, alpha: 1.01),
        ["MXNet begin above base warmupBeginLr"] = () =>
            _ = new MXNet.FactorScheduler(1, baseLr: 0.1, warmupBeginLr: 0.2),
        ["MXNet growing factor"] = () => _ = new MXNet.FactorScheduler(1, 1.01),
        ["MXNet growing factors factor"] = () => _ = new MXNet.MultiFactorScheduler([1], 1.01),
        ["MXNet unknown warmupMode"] = () => _ = new MXNet.CosineScheduler(1, warmupMode: (MXNet.WarmupMode)2),
        ["MXNet empty step"] = () => _ = new MXNet.MultiFactorScheduler([]),
        ["MXNet equal step"] = () => _ = new MXNet.MultiFactorScheduler([3, 3]),
        ["MXNet no step"] = () => _ = new MXNet.MultiFactorScheduler(null!),
        ["optax unknown interpolateType"] = () =>
            _ = new Optax.PiecewiseInterpolateSchedule((Optax.InterpolateType)2, 1, []),
        ["optax twice boundariesAndScales"] = () => _ = new Optax.PiecewiseConstantSchedule(1, [new(1, 1), new(1, 1)]),
        ["optax no boundariesAndScales"] = () => _ = new Optax.PiecewiseInterpolateSchedule(0, 1, null!),
        ["optax beyond one pctStart"] = () => _ = new Optax.CosineOneCycleSchedule(1, 1, 1.01),
        ["optax final before start pctFinal"] = () => _ = new Optax.LinearOneCycleSchedule(1, 1, 0.5, 0.4),
        ["optax zero divFactor"] = () => _ = new Optax.CosineOneCycleSchedule(1, 1, divFactor: 0),
        ["optax zero finalDivFactor"] = () => _ = new Optax.LinearOneCycleSchedule(1, 1, finalDivFactor: 0),
        ["optax no boundary between boundaries"] = () => _ = new Optax.JoinSchedules([1, 1], []),
        ["optax too many boundaries"] = () => _ = new Optax.JoinSchedules([1], [1]),
        ["optax null among schedules"] = () => _ = new Optax.JoinSchedules([null!], []),
        ["optax empty schedules"] = () => _ = new Optax.JoinSchedules([], []),
        ["optax no schedules"] = () => _ = new Optax.JoinSchedules(null!, []),
        ["optax no join boundaries"] = () => _ = new Optax.JoinSchedules([1], null!),
        ["optax empty cycles"] = () => _ = new Optax.SgdrSchedule([]),
        ["optax null among cycles"] = () => _ = new Optax.SgdrSchedule([null!, Cycle]),
        ["optax no cycles"] = () => _ = new Optax.SgdrSchedule(null!),
        ["optax one factor"] = () => _ = new Optax.ReduceOnPlateau(1.0, 1),
        ["optax zero factor"] = () => _ = new Optax.ReduceOnPlateau(1.0, 0),
        ["optax beyond one rtol"] = () => _ = new Optax.ReduceOnPlateau(1.0, rtol: 1.01),
        ["optax no tolerance atol"] = () => _ = new Optax.ReduceOnPlateau(1.0, rtol: 0, atol: 0),
        ["optax no rate learningRate"] = () => _ = new Optax.ReduceOnPlateau(null!),
        ["PyTorch falling milestones"] = () => _ = new MultiStepLR(1, [2, 1]),
        ["PyTorch no milestones"] = () => _ = new MultiStepLR(1, null!),
        ["PyTorch no function lrLambda"] = () => _ = new LambdaLR(1, null!),
        ["PyTorch beyond one startFactor"] = () => _ = new LinearLR(1, 1.01),
        ["PyTorch beyond one endFactor"] = () => _ = new LinearLR(1, 1, 1.01),
        ["PyTorch beyond one factor"] = () => _ = new ConstantLR(1, 1.01),
        ["PyTorch unknown mode"] = () => _ = new CyclicLR(1, 1, mode: (CyclicMode)3),
        ["PyTorch unknown annealStrategy"] = () => _ = new OneCycleLR(1, 1, annealStrategy: (AnnealStrategy)2),
        ["PyTorch beta of one maxMomentum"] = () => _ = new OneCycleLR(1, 1, maxMomentum: 1),
        ["PyTorch empty schedulers"] = () => _ = new ChainedScheduler([]),
        ["PyTorch null among schedulers"] = () => _ = new ChainedScheduler([null!]),
        ["PyTorch no schedulers"] = () => _ = new ChainedScheduler(null!),
        ["PyTorch other base among schedulers"] = () => _ = new ChainedScheduler([new StepLR(1, 1), new StepLR(2, 1)]),
        ["PyTorch empty sequence schedulers"] = () => _ = new SequentialLR([], []),
        ["PyTorch unknown plateau mode"] = () => _ = new ReduceLROnPlateau(1, (PlateauMode)2),
        ["PyTorch unknown thresholdMode"] = () => _ = new ReduceLROnPlateau(1, thresholdMode: (ThresholdMode)2),
        ["PyTorch growing factor"] = () => _ = new ReduceLROnPlateau(1, factor: 1),
        ["all beyond 64 bits from"] = () => _ = Cycle.Sample(long.MaxValue, 1),
        ["all beyond the cycle count"] = () => _ = new OneCycleLR(1, 10).At(11),
    };

    public static TheoryData<string> RateNames => [.. Rates.Keys];

    public static TheoryData<string> CountNames => [.. Counts.Keys];

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    [Theory]
    [MemberData(nameof(RateNames))]
    public void ANumberThatIsNegativeInfiniteOrNaNIsRefused(string name)
    {
        foreach (double bad in (double[])[-1e-9, double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => Rates[name](bad));
            Assert.Equal(name.Split(' ')[^1], refused.ParamName);
            Assert.Equal(bad, refused.ActualValue);
        }
    }

    [Theory]
    [MemberData(nameof(CountNames))]
    public void ACountBelowTheLeastIsRefusedAndTheLeastIsNot(string name)
    {
        (long least, Action<long> make) = Counts[name];
        make(least);
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => make(least - 1));
        Assert.Equal(name.Split(' ')[^1], refused.ParamName);
        Assert.Equal(least - 1, Convert.ToInt64(refused.ActualValue, null));
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void WhatContradictsItselfIsRefused(string name) =>
        Assert.Equal(name.Split(' ')[^1], Assert.ThrowsAny<ArgumentException>(Others[name]).ParamName);
}
