namespace NativeAdamax.Scaling;

/// <summary>
/// The factor by which a loss is multiplied before it is differentiated, so that small gradients survive a narrow
/// format, and by which an optimizer divides the gradients again.
/// </summary>
/// <remarks>One object is for one optimizer: it counts that optimizer's steps.</remarks>
public abstract class LossScale
{
    /// <summary>2^126.</summary>
    private protected const double Highest = 8.507059173023462e37;

    private object? _owner;

    private protected LossScale(double scale) => Scale = scale;

    /// <summary>The factor for the next loss; above 0.</summary>
    public double Scale { get; private protected set; }

    /// <summary>Whether gradients that are infinite or NaN are refused, and lower the scale.</summary>
    public abstract bool IsDynamic { get; }

    /// <summary>Whether a refused step counts as one, as tf_keras has it.</summary>
    internal virtual bool CountsRefused => false;

    /// <summary>A factor that stays as it is; gradients are not checked.</summary>
    /// <param name="scale">From 2^-126 to 2^126.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static LossScale Fixed(double scale) => new FixedScale(Checked(scale, nameof(scale)));

    /// <summary>The rule of a dialect's system, with its defaults.</summary>
    /// <param name="dialect">
    /// Keras: LossScaleOptimizer. TfKeras: the same of tf_keras. MXNet: AMP. PyTorch and Optax: PyTorch's GradScaler.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public static DynamicLossScale Dynamic(Dialect dialect) => new(dialect);

    /// <summary>So that the scale and its reciprocal are normal floats.</summary>
    private protected static double Checked(double scale, string name) =>
        scale >= 1 / Highest && scale <= Highest ? scale : throw Check.OutOfRange(scale, name, "from 2^-126 to 2^126");

    /// <summary>Makes this the scale of an optimizer, until <see cref="Detach"/>.</summary>
    /// <exception cref="ArgumentException">It is another one's: both would move it.</exception>
    internal virtual void Attach(object optimizer)
    {
        if (Interlocked.CompareExchange(ref _owner, optimizer, null) is not null)
        {
            throw new ArgumentException(
                "This LossScale is another optimizer's, whose steps move it: make one for each.");
        }
    }

    internal virtual void Detach(object optimizer) => Interlocked.CompareExchange(ref _owner, null, optimizer);

    /// <summary>Takes note of a step. finite: its gradients were.</summary>
    internal abstract void Update(bool finite);

    private sealed class FixedScale(double scale) : LossScale(scale)
    {
        internal override void Attach(object optimizer)
        {
        }

        internal override void Detach(object optimizer)
        {
        }

        public override bool IsDynamic => false;

        internal override void Update(bool finite)
        {
        }
    }
}
