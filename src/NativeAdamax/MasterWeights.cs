namespace NativeAdamax;

/// <summary>
/// What of its weights a parameter keeps beside the 16 bits that the model reads, so that changes below their last place
/// are not lost.
/// </summary>
public enum MasterWeights
{
    /// <summary>
    /// The weights in float32, 4 bytes each in memory of the library; every step rounds them to the model's memory in the
    /// same pass (MXNet's multi_precision). Of bfloat16 and binary16.
    /// </summary>
    Float32,

    /// <summary>
    /// The lower 16 bits: with the model's bfloat16 they are the float32 weights, bit for bit, in 2 bytes each in memory of
    /// the library. The model's weights are rounded half up in magnitude.
    /// </summary>
    Rest16,

    /// <summary>
    /// 8 bits more: with the model's bfloat16 the float32 weights rounded to 16 bits of fraction, in 1 byte each in memory of
    /// the library (FlashOptim, arXiv 2602.23349).
    /// </summary>
    Rest8,

    /// <summary>
    /// Nothing: every step rounds the weights to bfloat16 at random, with the chances that keep the mean
    /// (<see cref="StateFormat.BFloat16Random"/>).
    /// </summary>
    None,
}
