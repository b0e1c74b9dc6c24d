using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>What rules the learning rate of each group of an optimizer, and the rates of a step.</summary>
internal sealed class GroupRates
{
    private readonly LearningRate[] _rules;
    private readonly bool[] _own;
    private readonly StepRates[] _rates;
    private readonly int[] _firstOf;

    /// <param name="resolved">The options of each group with every null replaced.</param>
    /// <param name="own">As they were given: a group with a rule of its own keeps it.</param>
    public GroupRates(OptimizerOptions[] resolved, OptimizerOptions?[] own)
    {
        _rules = [.. resolved.Select(o => o.LearningRate!)];
        _own = [.. own.Select(o => o?.LearningRate is not null)];
        _rates = new StepRates[_rules.Length];
        Dictionary<LearningRate, int> first = [];
        _firstOf = [.. _rules.Select((rule, i) => first.TryAdd(rule, i) ? i : first[rule])];
    }

    /// <summary>Looks whether a number may be given to the groups that have no rule of their own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    /// <exception cref="InvalidOperationException">A function or a schedule rules.</exception>
    public void RefuseNumber(double number)
    {
        Check.LearningRate(number);
        for (int i = 0; i < _rules.Length; i++)
        {
            if (!_own[i] && _rules[i] is not LearningRate.Number)
            {
                throw new InvalidOperationException(
                    $"A {_rules[i].GetType().Name} rules the learning rate: it cannot be set to {number}. "
                    + $"{nameof(Optimizer.LearningRateRule)} replaces it.");
            }
        }
    }

    /// <summary>The rates of a group at a count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rule answers with a number out of its range.</exception>
    public StepRates Of(int group, long count) => new(
        Check.LearningRate(_rules[group].At(count)),
        _rules[group].Beta1At(count) is { } beta1 ? Check.Beta(beta1, "Beta1") : null);

    /// <summary>What <see cref="At"/> answered last.</summary>
    public ReadOnlySpan<StepRates> Last => _rates;

    /// <summary>The rates of all groups at a count; a rule of several groups is asked once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rule answers with a number out of its range.</exception>
    public ReadOnlySpan<StepRates> At(long count)
    {
        for (int i = 0; i < _rates.Length; i++)
        {
            int first = _firstOf[i];
            _rates[i] = first < i ? _rates[first] : Of(i, count);
        }

        return _rates;
    }
}
