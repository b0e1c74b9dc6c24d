namespace NativeAdamax;

/// <summary>A learning rate: a number, or a function that is asked once at every step.</summary>
public abstract class LearningRate
{
    /// <summary>A number, which may be changed while training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public static implicit operator LearningRate(double value) => FromDouble(value);

    /// <summary>A number, which may be changed while training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public static LearningRate FromDouble(double value) => new Number(Check.LearningRate(value));

    /// <summary>A function of nothing, asked once at every step.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="rate"/> is null.</exception>
    public static LearningRate From(Func<double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return new Function(_ => rate());
    }

    /// <summary>
    /// A function of the count that the dialect shows: of the steps before this one (0, 1, 2, ...), or with MXNet of
    /// the updates with this one (1, 2, 3, ...).
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="rate"/> is null.</exception>
    public static LearningRate From(Func<long, double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return new Function(rate);
    }

    /// <summary>The learning rate at a count of steps.</summary>
    public abstract double At(long count);

    /// <summary>beta1 at a count of steps, where a schedule cycles it as well; null: the optimizer's own.</summary>
    public virtual double? Beta1At(long count) => null;

    /// <summary>The rules that this one is made of.</summary>
    internal virtual IEnumerable<LearningRate> Inner => [];

    internal sealed class Number(double value) : LearningRate
    {
        public override double At(long count) => value;
    }

    private sealed class Function(Func<long, double> rate) : LearningRate
    {
        public override double At(long count) => rate(count);
    }
}
