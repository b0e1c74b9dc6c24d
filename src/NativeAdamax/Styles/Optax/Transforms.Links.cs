using System.Numerics.Tensors;

namespace NativeAdamax.Styles.Optax;

/// <content>What is chained around Adam and its kind, and what takes another transformation in.</content>
public static partial class Transforms
{
    /// <summary>Transformations one after the other.</summary>
    /// <exception cref="ArgumentException">A link is null.</exception>
    public static Chain Chain(params GradientTransformation[] links) => new(links);

    /// <summary>Multiplies by minus the learning rate, so that applied updates descend.</summary>
    /// <param name="learningRate">
    /// A number, a function or a schedule of this link's own count from 0 on, whose beta1 is not followed. Null is refused: optax would leave out
    /// the minus sign too, and climb.
    /// </param>
    /// <param name="flipSign">False: by the learning rate itself.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    public static GradientTransformation ScaleByLearningRate(LearningRate learningRate, bool flipSign = true)
    {
        if (learningRate is null)
        {
            throw new ArgumentNullException(
                nameof(learningRate),
                "Give a learning rate, or leave the link out: without one there is no minus sign.");
        }

        return new ScaleByLearningRate(learningRate, flipSign);
    }

    /// <summary>Multiplies by a number; finite, also as a float.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is infinite or NaN.</exception>
    public static GradientTransformation Scale(double factor) => new Scale(factor);

    /// <summary>Adds a part of the weights: decay, decoupled behind Adam and coupled before it.</summary>
    /// <param name="weightDecay">A number, or a schedule of this link's own count from 0 on; 0 or above.</param>
    /// <param name="mask">Which leaves decay; null: all.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weightDecay"/> is null.</exception>
    public static GradientTransformation AddDecayedWeights(LearningRate weightDecay, Mask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(weightDecay);
        return new AddDecayedWeights(weightDecay, mask);
    }

    /// <summary>Brings every element to within plus and minus a number. NaN passes.</summary>
    /// <param name="maxDelta">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public static GradientTransformation Clip(double maxDelta) => new Clip(maxDelta);

    /// <summary>
    /// Scales all leaves down together where their norm is this or above; below it they stay, bit for bit.
    /// </summary>
    /// <param name="maxNorm">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public static GradientTransformation ClipByGlobalNorm(double maxNorm) => new ClipByGlobalNorm(maxNorm);

    /// <summary>Zeros, whatever comes in: for leaves that are to stay as they are.</summary>
    public static GradientTransformation SetToZero() => new Stateless((updates, _) => updates.Zeros());

    /// <summary>A function of updates and parameters that keeps no state. It must not write to its arguments.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public static GradientTransformation Stateless(Func<Tree, Tree?, Tree> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Stateless(function);
    }

    /// <summary>A transformation of some leaves only; the others have no state.</summary>
    /// <param name="inner">Works on the leaves of the mask.</param>
    /// <param name="mask">Which they are.</param>
    /// <param name="outside">What becomes of the others. optax: <see cref="MaskedOut.PassThrough"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static GradientTransformation Masked(
        GradientTransformation inner, Mask mask, MaskedOut outside = MaskedOut.Zero) =>
        new Masked(inner, mask, outside);

    /// <summary>
    /// A transformation for every label, of the leaves that have it: other rates for other leaves, or
    /// <see cref="SetToZero"/> for those that are to stay as they are.
    /// </summary>
    /// <param name="transforms">By label.</param>
    /// <param name="labelOf">The label of a leaf, from its name.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A transformation is null.</exception>
    public static GradientTransformation Partition(
        IReadOnlyDictionary<string, GradientTransformation> transforms, Func<string, string> labelOf) =>
        new Partition(transforms, labelOf);

    /// <summary>
    /// Answers with zeros, and leaves the state inside alone, where a gradient is infinite or NaN; after so many such
    /// calls in a row it lets them pass until one is finite again.
    /// </summary>
    /// <param name="inner">Gets what is let pass.</param>
    /// <param name="maxConsecutiveErrors">0 or above.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxConsecutiveErrors"/> is negative.</exception>
    public static GradientTransformation ApplyIfFinite(GradientTransformation inner, long maxConsecutiveErrors) =>
        new ApplyIfFinite(inner, maxConsecutiveErrors);

    /// <summary>
    /// A transformation whose numbers stand in its state. Numbers there may be changed between updates; schedules and
    /// functions are asked at every update, with the count of updates from 0 on.
    /// </summary>
    /// <param name="factory">Makes the transformation from the numbers of an update, by name.</param>
    /// <param name="hyperparams">At least one; each name once.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is none, or a name stands there twice.</exception>
    public static GradientTransformation InjectHyperparams(
        Func<IReadOnlyDictionary<string, double>, GradientTransformation> factory,
        params (string Name, LearningRate Value)[] hyperparams) => new InjectHyperparams(factory, hyperparams);

    /// <summary>The norm of all leaves together, in double.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="updates"/> is null.</exception>
    public static double GlobalNorm(Tree updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return Math.Sqrt(Norms.SumOfSquares(updates));
    }

    /// <summary>Parameters plus updates, as new memory. A parameter without an update stays.</summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tree ApplyUpdates(Tree parameters, Tree updates)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(updates);
        parameters.RequireShape(updates, nameof(updates), mayMiss: true);
        return parameters.Like(i =>
        {
            if (parameters[i] is not { } p)
                return null;
            float[] sum = (float[])p.Clone();
            if (updates[i] is { } u)
                TensorPrimitives.Add(p, u, sum);
            return sum;
        });
    }
}
