namespace NativeAdamax;

/// <summary>
/// How a stream of an optimizer's state is kept between steps. A step computes in float32 with what it has read and
/// computed, unrounded; only what is stored is rounded. NaN stays NaN.
/// </summary>
public enum StateFormat
{
    /// <summary>As it is computed: 4 bytes an element.</summary>
    Float32,

    /// <summary>
    /// bfloat16, rounded to nearest even: 2 bytes an element. Right for a first moment (optax's mu_dtype); a second moment
    /// or an average moves by less than half a unit in the last place at a step, and sticks.
    /// </summary>
    BFloat16,

    /// <summary>
    /// bfloat16, rounded up or down at random, with the chances that keep the mean: 2 bytes an element. The random numbers
    /// are a function of seed, count of updates, parameter and element (Philox4x32-10; Salmon, Moraes, Dror and Shaw,
    /// "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011): the same bits on every backend, for any number of threads,
    /// and after a resume.
    /// </summary>
    BFloat16Random,

    /// <summary>
    /// 8 bits, in blocks of 256 with a float32 scale each, companded: the first moment by x / (1 + |x|), the others, which
    /// are not negative, by the root; of those only 0 becomes 0, lest a step be divided by epsilon alone. 1.016 bytes an
    /// element. By arithmetic alone, hence the faster one (FlashOptim, arXiv 2602.23349).
    /// </summary>
    EightBit,

    /// <summary>
    /// 8 bits, in blocks of 256 with a float32 scale each, by the table that bitsandbytes and torchao have
    /// (<see cref="DynamicMap"/>): the nearest of 256 values. Their trained states can be read in
    /// (<see cref="ParameterState.QuantizedFirstMoment"/>). Dettmers, Lewis, Shleifer and Zettlemoyer, "8-bit Optimizers via
    /// Block-wise Quantization", ICLR 2022.
    /// </summary>
    EightBitDynamic,

    /// <summary>The same with 4 bits and 16 values, two elements a byte; for the first moment only. 0.516 bytes an element.</summary>
    FourBitDynamic,
}
