using NativeAdamax.Constraints;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;
using NativeAdamax.Scaling;

namespace NativeAdamax;

/// <content>One call of a step, and the counts that it moves.</content>
public abstract unsafe partial class Optimizer
{
    private int _callsOfUpdate;
    private bool _hadConstraints;

    /// <summary>
    /// What learning rates see at the next call. Where parameters are counted one by one and the call is counted first,
    /// as in MXNet, that is the largest of their counts.
    /// </summary>
    private long RateCount => Options.Rules switch
    {
        { SeesEveryCall: true } => CallCount,
        { CountsRatesByParameter: true } => Engine.LargestNextCount(),
        _ => StepCount,
    };

    /// <summary>Updates every parameter that has a gradient. All or nothing: what is refused has changed nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// No parameter has a gradient (Keras and tf_keras), one has a gradient by rows or whole that this optimizer does not
    /// take (<see cref="OptimizerOptions.SparseMode"/>), the average is swapped, or another call is under way.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A learning rate function answers with a bad number.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public StepReport Step()
    {
        using Exclusive.Scope scope = Enter();
        return StepWith(null);
    }

    /// <summary>Updates every parameter, with gradients that lie end to end in the order of <see cref="Parameters"/>.</summary>
    /// <param name="gradients">As long as all parameters together; read in place.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidOperationException">
    /// The options ask to zero the gradients, the average is swapped, or another call is under way.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A learning rate function answers with a bad number.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public StepReport Step(ReadOnlySpan<float> gradients)
    {
        using Exclusive.Scope scope = Enter();
        RefuseLength(gradients.Length, nameof(gradients));
        fixed (float* g = gradients)
        {
            RefuseMemory(g, gradients.Length, nameof(gradients));
            return StepWith(g);
        }
    }

    /// <summary>
    /// The changes of a step without making them: moments and counts advance, weights and averages stay, constraints are
    /// not applied (the pure update of optax).
    /// </summary>
    /// <param name="gradients">As long as all parameters together; read in place.</param>
    /// <param name="changes">
    /// As long; gets what is to be added to the weights, end to end in the order of <see cref="Parameters"/>: zeros where
    /// nothing is.
    /// </param>
    /// <exception cref="ArgumentException">A length is another, or the two overlap.</exception>
    /// <inheritdoc cref="Step(ReadOnlySpan{float})"/>
    public StepReport Step(ReadOnlySpan<float> gradients, Span<float> changes)
    {
        using Exclusive.Scope scope = Enter();
        RefuseLength(gradients.Length, nameof(gradients));
        RefuseLength(changes.Length, nameof(changes));
        if (gradients.Overlaps(changes))
            throw new ArgumentException("The changes overlap the gradients.", nameof(changes));
        fixed (float* g = gradients, d = changes)
        {
            RefuseMemory(g, gradients.Length, nameof(gradients));
            RefuseMemory(d, changes.Length, nameof(changes));
            return StepWith(g, changes);
        }
    }

    private void RefuseLength(int length, string name)
    {
        if (length != Composition.Length)
            throw new ArgumentException($"There are {length} {name} for {Composition.Length} weights.", name);
        if (Composition.ZeroesGradients)
        {
            throw new InvalidOperationException(
                $"Gradients in a read-only span cannot be zeroed: turn {nameof(OptimizerOptions.ZeroGradients)} off.");
        }
    }

    /// <summary>What the kernels would refuse, or read after they have changed it.</summary>
    private void RefuseMemory(float* memory, int length, string name)
    {
        if ((nuint)memory % sizeof(float) != 0)
            throw new ArgumentException($"The {name} are not aligned to 4 bytes.", name);
        foreach (TensorSlot slot in Composition.Slots)
        {
            nuint bytes = (nuint)length * sizeof(float);
            if (slot.Weights.Overlaps(memory, bytes, slot.Count) || slot.Copy.Overlaps(memory, bytes, slot.Count))
                throw new ArgumentException($"The {name} overlap parameter {slot.Name}.", name);
        }
    }

    private StepReport StepWith(float* gradients) => StepWith(gradients, default);

    /// <param name="gradients">All gradients end to end; null: the parameters' own.</param>
    /// <param name="changes">Where the changes go; empty: onto the weights.</param>
    private StepReport StepWith(float* gradients, Span<float> changes)
    {
        Telemetry.Call call = Telemetry.Begin();
        StepReport report = StepUnwatched(gradients, changes);
        if (call.IsTold)
            Telemetry.End(call, report, Engine.ElementsUpdated);
        return report;
    }

    private StepReport StepUnwatched(float* gradients, Span<float> changes)
    {
        Ema?.RefuseStep();

        // The caller's functions first: they may dispose a parameter or hand over another gradient.
        ReadOnlySpan<StepRates> rates = Composition.Rates.At(RateCount);
        int calls = Calls();
        changes.Clear();
        LossScale? scaling = Options.LossScale;
        double lossScale = scaling?.Scale ?? 1;
        if (!Engine.ReadGradients(gradients))
            return Report(rates, new StepOutcome(true, true, null, 1), isUpdate: false, lossScale);

        ReadConstraints();
        bool isUpdate = _callsOfUpdate + 1 >= calls;
        bool dynamic = scaling?.IsDynamic == true;
        bool skips = Options.SkipNonFinite && !(NonFiniteInARow >= Options.MaxConsecutiveSkips);
        StepRequest request = new(
            GradientScale / lossScale, dynamic || Options.SkipNonFinite, dynamic || skips, calls, isUpdate);
        StepOutcome outcome = changes.IsEmpty
            ? Engine.Step(rates, request)
            : Engine.StepInto(rates, request, changes);
        scaling?.Update(outcome.IsFinite);
        NonFiniteInARow = outcome.IsFinite ? 0 : NonFiniteInARow + 1;
        NonFiniteCount += outcome.IsFinite ? 0 : 1;
        if (!outcome.IsDone)
            return Refuse(rates, outcome, lossScale);

        CallCount++;
        _callsOfUpdate = isUpdate ? 0 : _callsOfUpdate + 1;
        StepCount += isUpdate ? 1 : 0;
        if (changes.IsEmpty)
            ApplyConstraints(isUpdate && Options.MaxUpdateNorm is null);
        return Report(rates, outcome, isUpdate, lossScale);
    }

    /// <summary>Ends a call whose gradients were refused.</summary>
    private StepReport Refuse(ReadOnlySpan<StepRates> rates, in StepOutcome outcome, double lossScale)
    {
        if (Options.LossScale?.CountsRefused == true)
        {
            Engine.CountRefused(rates);
            CallCount++;
            StepCount++;
        }

        (int tensor, long index) = Engine.FirstNonFinite();
        Engine.ZeroRefusedGradients();
        return Report(rates, outcome, isUpdate: false, lossScale) with
        {
            NonFiniteParameter = Parameters[tensor],
            NonFiniteIndex = index,
        };
    }

    /// <summary>The one constraint that the kernels know goes into their rows.</summary>
    private void ReadConstraints()
    {
        if (!Engine.HasConstraints && !_hadConstraints)
            return;
        _hadConstraints = Engine.HasConstraints;
        for (int i = 0; i < Composition.Slots.Length; i++)
        {
            if (Engine.MakesUp(i))
                RefuseToMakeUp(Composition.Parameters[i]);
            bool nonNegative = Composition.Parameters[i].Constraint is WeightConstraint.NonNegativeWeights;
            ref TensorTraits traits = ref Engine.Traits(i);
            if (traits.NonNegative != nonNegative)
                traits = traits with { NonNegative = nonNegative };
        }
    }

    /// <summary>Keras applies constraints at every call, also where it only accumulates.</summary>
    /// <param name="didNonNegative">The kernels did that one already.</param>
    private void ApplyConstraints(bool didNonNegative)
    {
        if (!Engine.HasConstraints)
            return;
        for (int i = 0; i < Composition.Slots.Length; i++)
        {
            if (Composition.Parameters[i].Constraint is { } constraint && Engine.TakesPart(i)
                && (!didNonNegative || constraint is not WeightConstraint.NonNegativeWeights))
            {
                constraint.Apply(Composition.Parameters[i].SpanOf(Engine.FloatWeights(i)));
                Engine.StoreWeights(i, CallCount);
            }
        }
    }

    /// <summary>Calls that the update under way takes.</summary>
    private int Calls()
    {
        if (Options.AccumulationSchedule is not { } schedule)
            return Options.AccumulationSteps ?? 1;
        int calls = schedule(StepCount);
        return calls >= 1 ? calls : throw Check.OutOfRange(calls, nameof(Options.AccumulationSchedule), "1 or above");
    }

    private StepReport Report(ReadOnlySpan<StepRates> rates, in StepOutcome outcome, bool isUpdate, double lossScale) =>
        new(StepCount, rates[0].LearningRate, Engine.Updated, Engine.Skipped)
        {
            IsUpdate = isUpdate,
            GradientNorm = outcome.Norm,
            ClipCoefficient = outcome.Coefficient,
            UpdateCoefficient = outcome.UpdateCoefficient,
            LossScale = lossScale,
        };
}
