using System.Globalization;

namespace NativeAdamax.Tests.Reference;

/// <summary>
/// Three float64 steps of the five systems, printed with 15 digits by their own code (the rows of MXNet's fused step and
/// of PyTorch 2's NAdam by a transcription). Parameters 1, -2, 0.5 and learning rate 0.01.
/// </summary>
public sealed class ThreeStepTests
{
    private static readonly double[][] Gradients = [[0.1, -0.2, 0.3], [-0.05, 0.4, 0], [0.02, -0.01, 1e-9]];

    private static readonly Dictionary<string, ReferenceSettings> Rows = new()
    {
        ["keras.Adam"] = Keras(Algorithm.Adam),
        ["keras.Adam amsgrad"] = Keras(Algorithm.Adam) with { AmsGrad = true },
        ["keras.AdamW wd=.1"] = Keras(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["keras.Adamax"] = Keras(Algorithm.Adamax),
        ["keras.Adamax wd=.1 clipnorm=.25"] = Keras(Algorithm.Adamax) with { WeightDecay = 0.1, ClipNorm = 0.25 },
        ["keras.Nadam"] = Keras(Algorithm.Nadam),
        ["tf_keras.Adam adaptive eps=1e-3"] = Keras(Algorithm.Adam) with { Peer = Peer.TfKeras, Epsilon = 1e-3, AdaptiveEpsilon = true },
        ["tf_keras.Adam eps=1e-3"] = Keras(Algorithm.Adam) with { Peer = Peer.TfKeras, Epsilon = 1e-3 },
        ["torch.NAdam"] = Torch(Algorithm.Nadam),
        ["torch.Adam"] = Torch(Algorithm.Adam),
        ["torch.Adam amsgrad"] = Torch(Algorithm.Adam) with { AmsGrad = true },
        ["torch.Adam wd=.1"] = Torch(Algorithm.Adam) with { WeightDecay = 0.1 },
        ["torch.AdamW wd=.1"] = Torch(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["torch.Adamax"] = Torch(Algorithm.Adamax),
        ["optax.adam"] = Optax(Algorithm.Adam),
        ["optax.adam eps_root=1e-3"] = Optax(Algorithm.Adam) with { EpsilonRoot = 1e-3 },
        ["optax.nadam"] = Optax(Algorithm.Nadam),
        ["optax.amsgrad"] = Optax(Algorithm.Adam) with { AmsGrad = true },
        ["optax.adamw wd=.1"] = Optax(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["optax.adamax"] = Optax(Algorithm.Adamax),
        ["mxnet.Adamax wd=.1 rescale=.5 clip=.12"] = MXNet(Algorithm.Adamax) with { WeightDecay = 0.1, GradientScale = 0.5, ClipValue = 0.12 },
        ["mxnet.Adam"] = MXNet(Algorithm.Adam),
        ["mxnet.Nadam"] = MXNet(Algorithm.Nadam),
        ["mxnet.AdamW wd=.1"] = MXNet(Algorithm.AdamW) with { Epsilon = 1e-6, WeightDecay = 0.1 },
        ["mxnet.AdamW wd=.1 fused"] = MXNet(Algorithm.AdamW) with { Epsilon = 1e-6, WeightDecay = 0.1, FusedStep = true },
    };

    [Theory]
    [InlineData("keras.Adam", "0.990000316217766,-1.99000015811138,0.490000105408144 ; 0.987337021180671,-1.99366116749191,0.483299593531717 ; 0.984184673361504,-1.99634753821244,0.478120078437083")]
    [InlineData("keras.Adam amsgrad", "0.990000316217766,-1.99000015811138,0.490000105408144 ; 0.987337021180671,-1.99366116749191,0.483302944590315 ; 0.984184673361504,-1.99634686667492,0.47812860895618")]
    [InlineData("keras.AdamW wd=.1", "0.989000316217766,-1.98800015811138,0.489500105408144 ; 0.985348020864454,-1.9896731673338,0.482310093426309 ; 0.981210325024422,-1.990369864887,0.476648268238249")]
    [InlineData("keras.Adamax", "0.99000000999999,-1.990000005,0.490000003333332 ; 0.987892641581045,-1.99289474111842,0.48525842122649 ; 0.985822083942677,-1.99463079408054,0.482263505486632")]
    [InlineData("keras.Adamax wd=.1 clipnorm=.25", "0.989000014966607,-1.98800000748331,0.489500004988874 ; 0.985714487550273,-1.98872351149254,0.484268923662817 ; 0.982171463137063,-1.98829855068913,0.48078973948999")]
    [InlineData("keras.Nadam", "0.98937213259478,-1.98937212728085,0.489372125509537 ; 0.993298080230936,-1.99818878188671,0.488650997104061 ; 0.991112612903778,-1.99837167359542,0.487878603720108")]
    [InlineData("tf_keras.Adam adaptive eps=1e-3", "0.99009900990099,-1.99004975124378,0.490033222591362 ; 0.987468912886398,-1.99369924752516,0.483364086525445 ; 0.984363846674105,-1.99637527459473,0.478214264174859")]
    [InlineData("tf_keras.Adam eps=1e-3", "0.99240253073352,-1.99136527059496,0.490953576739383 ; 0.99032656665689,-1.99478450528077,0.484892235377829 ; 0.987861156959399,-1.99729342544952,0.480207024572679")]
    [InlineData("torch.NAdam", "0.989435483272898,-1.98943548274467,0.489435482568597 ; 0.993546580045199,-1.99850105738483,0.488804772439081 ; 0.991299612618375,-1.99860865272218,0.48814563873341")]
    [InlineData("torch.Adam", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987336630940339,-1.9936610356546,0.483299418107915 ; 0.984184195756863,-1.99634742527327,0.47811984866094")]
    [InlineData("torch.Adam amsgrad", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987336630940339,-1.9936610356546,0.483302769236862 ; 0.984184195756863,-1.9963467537263,0.478128379359034")]
    [InlineData("torch.Adam wd=.1", "0.9900000005,-1.99000000025,0.490000000285714 ; 0.981720480743485,-1.98735592747727,0.482331961831685 ; 0.972988878020032,-1.98280221936765,0.475594422232983")]
    [InlineData("torch.AdamW wd=.1", "0.989000001,-1.9880000005,0.489500000333333 ; 0.985347630939339,-1.9896730356541,0.482309918107582 ; 0.981209848124923,-1.99036975223712,0.476648038742499")]
    [InlineData("torch.Adamax", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987892630682314,-1.99289473726974,0.485258416802434 ; 0.985822071176297,-1.99463079062291,0.482263500162102")]
    [InlineData("optax.adam", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987336630940339,-1.9936610356546,0.483299418107915 ; 0.984184195756863,-1.99634742527327,0.47811984866094")]
    [InlineData("optax.adam eps_root=1e-3", "0.990465375016635,-1.99012270452131,0.490055097167693 ; 0.987992549177003,-1.99376557606667,0.483427783598506 ; 0.985153244862828,-1.99643204754389,0.478332522692045")]
    [InlineData("optax.nadam", "0.985263159368421,-1.98526315863158,0.485263158385965 ; 0.986911795263285,-1.9942296858586,0.481035115727122 ; 0.983550162422449,-1.99599202811798,0.477361672879063")]
    [InlineData("optax.amsgrad", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987894738052631,-1.9936610356546,0.485263158385965 ; 0.985828317595067,-1.99585446362714,0.482274228583997")]
    [InlineData("optax.adamw wd=.1", "0.989000001,-1.9880000005,0.489500000333333 ; 0.985347630939339,-1.9896730356541,0.482309918107582 ; 0.981209848124923,-1.99036975223712,0.476648038742499")]
    [InlineData("optax.adamax", "0.990000001,-1.9900000005,0.490000000333333 ; 0.987892630682314,-1.99289473726974,0.485258416802434 ; 0.985822071176297,-1.99463079062291,0.482263500162102")]
    [InlineData("mxnet.Adamax wd=.1 rescale=.5 clip=.12", "0.990000000666667,-1.99000000033333,0.490000000588235 ; 0.982659327146853,-1.98387106458375,0.483739870855884 ; 0.975354049530911,-1.97749316030434,0.478733684325308")]
    [InlineData("mxnet.Adam", "0.990000031622677,-1.99000001581136,0.490000010540914 ; 0.987336668762215,-1.99366104849272,0.48329943506611 ; 0.984184241882561,-1.99634743631519,0.478119870785147")]
    [InlineData("mxnet.Nadam", "0.989435483272898,-1.98943548274467,0.489435482568597 ; 0.993546580045199,-1.99850105738483,0.488804772439081 ; 0.991299612618375,-1.99860865272218,0.48814563873341")]
    [InlineData("mxnet.AdamW wd=.1", "0.989690094789936,-1.98937228713458,0.489846102042808 ; 0.986795213722683,-1.99256406950909,0.483032533695981 ; 0.983444949847653,-1.99484720752336,0.477756978940137")]
    [InlineData("mxnet.AdamW wd=.1 fused", "0.989686933511959,-1.98936912535684,0.489842940098446 ; 0.986791426630296,-1.99256176991728,0.483027795902807 ; 0.9834405268723,-1.9948454510369,0.47775119588646")]
    public void TheReferenceReproducesTheSystemsFloat64Steps(string row, string printed)
    {
        ReferenceTensor tensor = ReferenceTensor.Create(Rows[row], [1.0, -2.0, 0.5]);
        string[] steps = printed.Split(';');
        for (int t = 0; t < Gradients.Length; t++)
        {
            tensor.Step(Gradients[t]);
            double[] expected = [.. steps[t].Split(',').Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
            for (int i = 0; i < expected.Length; i++)
            {
                // 1e-14 for the arithmetic; the sixteenth digit was cut by the printing.
                double tolerance = 1e-14 * Math.Abs(expected[i]);
                Assert.True(Math.Abs(tensor.W[i] - expected[i]) <= tolerance, $"{row}, step {t + 1}, element {i}: {tensor.W[i]:R} instead of {expected[i]:R}");
            }
        }
    }

    [Fact]
    public void AStepWithAnotherNumberOfGradientsThanWeightsIsRefused()
    {
        ReferenceTensor tensor = ReferenceTensor.Create(Rows["keras.Adam"], [1.0, -2.0, 0.5]);
        Assert.Throws<ArgumentException>(() => tensor.Step([1.0, 2.0]));
    }

    private static ReferenceSettings Keras(Algorithm algorithm) => new()
    {
        Peer = Peer.Keras,
        Algorithm = algorithm,
        LearningRate = 0.01,
        Epsilon = 1e-7,
    };

    private static ReferenceSettings Torch(Algorithm algorithm) => Keras(algorithm) with { Peer = Peer.Torch, Epsilon = 1e-8 };

    private static ReferenceSettings Optax(Algorithm algorithm) => Keras(algorithm) with { Peer = Peer.Optax, Epsilon = 1e-8 };

    private static ReferenceSettings MXNet(Algorithm algorithm) => Keras(algorithm) with { Peer = Peer.MXNet, Epsilon = 1e-8 };
}
