namespace NativeAdamax;

/// <summary>
/// The system whose defaults and semantics an optimizer follows: where epsilon stands, what is corrected for bias, how
/// weight decay enters, which steps are counted.
/// </summary>
public enum Dialect
{
    /// <summary>Keras 3, and R keras3.</summary>
    Keras,

    /// <summary>tf_keras, the optimizers of TensorFlow's Keras 2.</summary>
    TfKeras,

    /// <summary>Apache MXNet 2.</summary>
    MXNet,

    /// <summary>optax.</summary>
    Optax,

    /// <summary>PyTorch, and TorchSharp.</summary>
    PyTorch,
}
