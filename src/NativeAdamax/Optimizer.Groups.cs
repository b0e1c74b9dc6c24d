using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>What may change while training: groups that join, and the numbers of those that are there.</content>
public abstract unsafe partial class Optimizer
{
    private Composition _composition;

    internal Composition Composition => _composition;

    internal UpdateEngine Engine => _composition.Engine;

    /// <summary>
    /// The learning rate of the first group at the next step. Setting it gives a number to every group that has no
    /// learning rate of its own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value, or what a function answers, is negative, infinite or NaN.
    /// </exception>
    /// <exception cref="InvalidOperationException">A function or a schedule rules, or another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public double LearningRate
    {
        get
        {
            using Exclusive.Scope scope = Enter();
            return Composition.Rates.Of(0, RateCount).LearningRate;
        }

        set
        {
            using Exclusive.Scope scope = Enter();
            Composition.Rates.RefuseNumber(value);
            Change(Options with { LearningRate = value }, Composition.Own);
        }
    }

    /// <summary>
    /// What rules the learning rate of the groups that have none of their own: a number, a function or a schedule. Setting
    /// it replaces whatever ruled before.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public LearningRate LearningRateRule
    {
        get => Options.LearningRate!;

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            using Exclusive.Scope scope = Enter();
            Change(Options with { LearningRate = value }, Composition.Own);
        }
    }

    /// <summary>The options of a group as they are now, with every null replaced.</summary>
    /// <exception cref="ArgumentException">The group is not of this optimizer.</exception>
    public OptimizerOptions OptionsOf(ParameterGroup group) => Composition.Resolved[NumberOf(group)];

    /// <summary>
    /// Goes on with other numbers: rates, betas, epsilon, decay, clips, signs. Moments, averages and counts stay. Begin
    /// with <c>optimizer.Options with { ... }</c>: a null means the dialect's default.
    /// </summary>
    /// <param name="options">Of this optimizer's kind and dialect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// They change what is laid out at construction: the kind, the dialect, AMSGrad, the average, accumulation, the loss
    /// scale, zeroing of gradients, the precision, the mask, the logger, threads or backend.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public void SetOptions(OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using Exclusive.Scope scope = Enter();
        Options.RefuseOtherKind(options);
        OptimizerOptions resolved = options.Resolve();
        resolved.RefuseOtherLayout(Options);
        Change(resolved, Composition.Own);
    }

    /// <summary>The same for one group: options of its own, in which a null means the optimizer's value.</summary>
    /// <param name="group">A group of this optimizer.</param>
    /// <param name="options">Null: all of them the optimizer's.</param>
    /// <inheritdoc cref="SetOptions(OptimizerOptions)"/>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    public void SetOptions(ParameterGroup group, OptimizerOptions? options)
    {
        using Exclusive.Scope scope = Enter();
        OptimizerOptions?[] own = [.. Composition.Own];
        own[NumberOf(group)] = options;
        Change(Options, own);
    }

    /// <summary>
    /// One more group, for parameters that join later. Their moments begin with zeros and their averages with the
    /// weights; they are counted from 0, or where the dialect counts for all together with the others.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A parameter is of this optimizer already, two share memory, or the options do not fit (see
    /// <see cref="ParameterGroup"/>).
    /// </exception>
    /// <exception cref="InvalidOperationException">The average is swapped, or another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public void AddGroup(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        using Exclusive.Scope scope = Enter();
        Ema?.RefuseStep();
        BringUpToDate();
        Composition before = Composition, after = before.With(Options, group);
        try
        {
            Ema?.Extend(after.Parameters);
        }
        catch
        {
            after.Dispose();
            throw;
        }

        if (Ema is not null)
            after.Engine.Attach(Ema.State);
        after.Index.Hold();
        _composition = after;
        before.Index.Release();
        before.Dispose();
        TrapWarnings.Log(Options, after, before.Groups.Length);
    }

    /// <summary>All or nothing, like <see cref="SetOptions(OptimizerOptions)"/>. The caller is inside.</summary>
    internal void Change(OptimizerOptions options, OptimizerOptions?[] own)
    {
        Composition.Change(options, own);
        Options = options;
    }

    private int NumberOf(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        int number = Array.IndexOf(Composition.Groups, group);
        return number >= 0 ? number : throw new ArgumentException("The group is not of this optimizer.", nameof(group));
    }
}
