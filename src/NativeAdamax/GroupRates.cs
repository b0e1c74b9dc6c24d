using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>What rules the learning rate of each group of an optimizer, and the rates of a step.</summary>
internal sealed class GroupRates
{
    private readonly LearningRate[] _rules;
    private readonly bool[] _own;
    private readonly StepRates[] _rates;

    /// <param name="rules">One a group.</param>
    /// <param name="own">Whether a group has a rule of its own, which it keeps.</param>
    public GroupRates(LearningRate[] rules, bool[] own)
    {
        _rules = rules;
        _own = own;
        _rates = new StepRates[rules.Length];
    }

    /// <summary>Gives a number to the groups that have no rule of their own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    /// <exception cref="InvalidOperationException">A function or a schedule rules.</exception>
    public void Set(double number)
    {
        LearningRate rule = number;
        for (int i = 0; i < _rules.Length; i++)
        {
            if (!_own[i] && _rules[i] is not LearningRate.Number)
            {
                throw new InvalidOperationException(
                    $"A {_rules[i].GetType().Name} rules the learning rate: it cannot be set to {number}.");
            }
        }

        for (int i = 0; i < _rules.Length; i++)
            _rules[i] = _own[i] ? _rules[i] : rule;
    }

    /// <summary>The rates of a group at a count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rule answers with a number out of its range.</exception>
    public StepRates Of(int group, long count) => new(
        Check.LearningRate(_rules[group].At(count)),
        _rules[group].Beta1At(count) is { } beta1 ? Check.Beta(beta1, "Beta1") : null);

    /// <summary>The rates of all groups at a count; a rule of several groups is asked once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rule answers with a number out of its range.</exception>
    public ReadOnlySpan<StepRates> At(long count)
    {
        for (int i = 0; i < _rates.Length; i++)
        {
            int first = Array.IndexOf(_rules, _rules[i]);
            _rates[i] = first < i ? _rates[first] : Of(i, count);
        }

        return _rates;
    }
}
