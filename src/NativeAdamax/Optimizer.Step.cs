using NativeAdamax.Constraints;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;
using NativeAdamax.Scaling;

namespace NativeAdamax;

/// <content>One call of a step, and the counts that it moves.</content>
public abstract unsafe partial class Optimizer
{
    private int _callsOfUpdate;
    private readonly Parameter[] _parameters;
    private readonly TensorSlot[] _slots;

    /// <summary>What learning rates see at the next call.</summary>
    private long RateCount => (Options.Rules.SeesEveryCall ? CallCount : StepCount) + Options.Rules.FirstCount;

    /// <summary>Updates every parameter that has a gradient. All or nothing: what is refused has changed nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// No parameter has a gradient (Keras and tf_keras), the average is swapped, or another call is under way.
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
        if (gradients.Length != _length)
        {
            throw new ArgumentException(
                $"There are {gradients.Length} gradients for {_length} weights.", nameof(gradients));
        }

        if (_zeroesGradients)
        {
            throw new InvalidOperationException(
                $"Gradients in a read-only span cannot be zeroed: turn {nameof(OptimizerOptions.ZeroGradients)} off.");
        }

        fixed (float* g = gradients)
        {
            RefuseGradients(g, gradients.Length);
            return StepWith(g);
        }
    }

    /// <summary>What the kernels would refuse, or read after they have changed it.</summary>
    private void RefuseGradients(float* gradients, int length)
    {
        if ((nuint)gradients % sizeof(float) != 0)
            throw new ArgumentException("The gradients are not aligned to 4 bytes.", nameof(gradients));
        foreach (TensorSlot slot in _slots)
        {
            if (gradients < slot.W + slot.Count && slot.W < gradients + length)
                throw new ArgumentException($"The gradients overlap parameter {slot.Name}.", nameof(gradients));
        }
    }

    private StepReport StepWith(float* gradients)
    {
        Ema?.RefuseStep();

        // The caller's functions first: they may dispose a parameter or hand over another gradient.
        ReadOnlySpan<StepRates> rates = _rates.At(RateCount);
        int calls = Calls();
        if (!_engine.ReadGradients(gradients))
            return Report(rates, new StepOutcome(true, true, null, 1), isUpdate: false);

        ReadConstraints();
        LossScale? scaling = Options.LossScale;
        bool isUpdate = _callsOfUpdate + 1 >= calls;
        bool dynamic = scaling?.IsDynamic == true;
        bool skips = Options.SkipNonFinite && !(NonFiniteInARow >= Options.MaxConsecutiveSkips);
        StepRequest request = new(
            GradientScale / (scaling?.Scale ?? 1), dynamic || Options.SkipNonFinite, dynamic || skips, calls, isUpdate);
        StepOutcome outcome = _engine.Step(rates, request);
        StepReport report = Report(rates, outcome, isUpdate && outcome.IsDone);
        scaling?.Update(outcome.IsFinite);
        NonFiniteInARow = outcome.IsFinite ? 0 : NonFiniteInARow + 1;
        NonFiniteCount += outcome.IsFinite ? 0 : 1;
        if (outcome.IsDone)
        {
            ApplyConstraints(isUpdate);
            CallCount++;
            _callsOfUpdate = isUpdate ? 0 : _callsOfUpdate + 1;
            StepCount += isUpdate ? 1 : 0;
            return report with { Step = StepCount };
        }

        if (scaling?.CountsRefused == true)
        {
            _engine.CountRefused(rates);
            CallCount++;
            StepCount++;
        }

        (int tensor, long index) = _engine.FirstNonFinite();
        _engine.ZeroRefusedGradients();
        return report with { Step = StepCount, NonFiniteParameter = Parameters[tensor], NonFiniteIndex = index };
    }

    /// <summary>The one constraint that the kernels know goes into their rows.</summary>
    private void ReadConstraints()
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            bool nonNegative = _parameters[i].Constraint is WeightConstraint.NonNegativeWeights;
            ref TensorTraits traits = ref _engine.Traits(i);
            if (traits.NonNegative != nonNegative)
                traits = traits with { NonNegative = nonNegative };
        }
    }

    /// <summary>Keras applies constraints at every call, also where it only accumulates.</summary>
    private void ApplyConstraints(bool isUpdate)
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_parameters[i].Constraint is { } constraint && _engine.TakesPart(i)
                && (!isUpdate || constraint is not WeightConstraint.NonNegativeWeights))
            {
                constraint.Apply(_parameters[i].Weights);
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

    private StepReport Report(ReadOnlySpan<StepRates> rates, StepOutcome outcome, bool isUpdate) =>
        new(StepCount, rates[0].LearningRate, _engine.Updated, _engine.Skipped)
        {
            IsUpdate = isUpdate,
            GradientNorm = outcome.Norm,
            ClipCoefficient = outcome.Coefficient,
            LossScale = Options.LossScale?.Scale ?? 1,
        };
}
