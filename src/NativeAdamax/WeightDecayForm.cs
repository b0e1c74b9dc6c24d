namespace NativeAdamax;

/// <summary>How weight decay enters a step. lr is the learning rate, lr' the one with the bias corrections in it.</summary>
public enum WeightDecayForm
{
    /// <summary>L2: g = g + decay * w, after clipping. PyTorch and MXNet, except AdamW.</summary>
    Coupled,

    /// <summary>w = w - lr * decay * w, beside the update. Keras, tf_keras, optax, PyTorch's AdamW.</summary>
    Decoupled,

    /// <summary>w = w - lr' * decay * w, beside the update. MXNet's AdamW, fused.</summary>
    DecoupledCorrectedRate,

    /// <summary>w = w - lr' * decay * w, after the update. MXNet's AdamW, step().</summary>
    DecoupledAfterUpdate,
}
