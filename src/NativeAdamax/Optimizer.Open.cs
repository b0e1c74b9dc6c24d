using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Steps that overlap with the backward pass which makes their gradients.</content>
public abstract unsafe partial class Optimizer
{
    private TensorQueue? _queue;
    private double _openScale;
    private double _smallestClip;
    private double _smallestChange;
    private Telemetry.Call _openCall;

    /// <summary>Steps opened so far, so that an <see cref="OpenStep"/> knows whether it is still the one.</summary>
    internal long OpenNumber { get; private set; }

    /// <summary>
    /// Begins a step that takes each parameter as soon as its gradient is ready, on a thread of the pool, while the
    /// caller computes the next: <c>using OpenStep step = optimizer.StepAsTheyCome(); ... step.Update(parameter); ...
    /// step.Complete();</c>. The same bits as <see cref="Step()"/>, whatever the order. Until it is complete, every other
    /// call is refused. With <see cref="OptimizerOptions.MaxDegreeOfParallelism"/> 1 all is done on the caller's thread; of
    /// several callers on that of one of them.
    /// </summary>
    /// <remarks>MXNet's learning rates see the counts as if every parameter took part that is not frozen.</remarks>
    /// <exception cref="InvalidOperationException">
    /// An option needs all gradients first (<see cref="OptimizerOptions.GlobalClipNorm"/>,
    /// <see cref="OptimizerOptions.SkipNonFinite"/>, a dynamic <see cref="OptimizerOptions.LossScale"/>) or several calls
    /// (accumulation), the average is swapped, or another call is under way.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A learning rate function answers with a bad number.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public OpenStep StepAsTheyCome()
    {
        Exclusive.Scope scope = Enter();
        try
        {
            RefuseWhatNeedsAllGradients();
            Ema?.RefuseStep();
            Composition.Rates.At(RateCount);
            Engine.Open();
            ReadConstraints();
            if (_queue?.Capacity != Parameters.Count)
            {
                _queue?.Dispose();
                _queue = null;
                _queue = new TensorQueue(Parameters.Count, UpdateOne);
            }

            _openCall = Telemetry.Begin();
        }
        catch
        {
            scope.Dispose();
            throw;
        }

        _openScale = GradientScale / (Options.LossScale?.Scale ?? 1);
        _smallestClip = _smallestChange = 1;
        _queue.Open(++OpenNumber);
        return new OpenStep(this, OpenNumber);
    }

    /// <summary>What <see cref="OpenStep.Update"/> does.</summary>
    internal void UpdateInOpenStep(long number, Parameter parameter)
    {
        int i = IndexOf(parameter);
        if (parameter.IsFrozen)
            return;
        if (!parameter.HasGradient && parameter.Length > 0)
            throw new InvalidOperationException($"Parameter {parameter.Name} has no gradient: set one first.");
        if (Engine.RefuseOrMakeUp(i))
            RefuseToMakeUp(parameter);
        if (!_queue!.Add(number, i, wakesPool: Options.MaxDegreeOfParallelism != 1))
            throw new InvalidOperationException($"Parameter {parameter.Name} has been updated in this step.");
    }

    /// <summary>What <see cref="OpenStep.Complete"/> does.</summary>
    /// <param name="mayBeEmpty">
    /// A step that nothing was given to is none, in no dialect an error: whatever kept its user from giving it something
    /// is on its way already.
    /// </param>
    internal StepReport CompleteOpenStep(bool mayBeEmpty = false)
    {
        OpenNumber++;
        try
        {
            _queue!.Finish();
            if (mayBeEmpty && !_queue.IsAdded.Contains(true))
            {
                Telemetry.GiveUp(_openCall);
                return default;
            }

            ReadOnlySpan<StepRates> rates = Composition.Rates.Last;
            bool isUpdate = Engine.Close(rates, _queue.IsAdded);
            if (isUpdate)
            {
                CallCount++;
                StepCount++;
                ApplyConstraints(didNonNegative: Options.MaxUpdateNorm is null);
            }

            StepOutcome outcome = new(true, true, null, _smallestClip) { UpdateCoefficient = _smallestChange };
            StepReport report = Report(rates, outcome, isUpdate, Options.LossScale?.Scale ?? 1);
            Telemetry.End(_openCall, report, _openCall.IsTold ? Engine.ElementsUpdated : 0);
            return report;
        }
        finally
        {
            _exclusive.Give();
        }
    }

    private void UpdateOne(int tensor)
    {
        (double clip, double change) = Engine.UpdateOne(tensor, Composition.Rates.Last, _openScale);
        _smallestClip = clip < _smallestClip || double.IsNaN(clip) ? clip : _smallestClip;
        _smallestChange = Math.Min(change, _smallestChange);
    }

    private void RefuseWhatNeedsAllGradients()
    {
        string? option = Options switch
        {
            { GlobalClipNorm: not null } => nameof(OptimizerOptions.GlobalClipNorm),
            { SkipNonFinite: true } => nameof(OptimizerOptions.SkipNonFinite),
            { LossScale.IsDynamic: true } => $"a dynamic {nameof(OptimizerOptions.LossScale)}",
            { AccumulationSteps: > 1 } => nameof(OptimizerOptions.AccumulationSteps),
            { AccumulationSchedule: not null } => nameof(OptimizerOptions.AccumulationSchedule),
            _ => null,
        };
        if (option is not null)
        {
            throw new InvalidOperationException(
                $"A step that takes gradients as they come cannot have {option}, which needs all of them first: use "
                + $"{nameof(Step)}.");
        }
    }
}
