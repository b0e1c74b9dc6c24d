namespace NativeAdamax.Styles.PyTorch;

/// <summary>One of an optimizer's groups. Its numbers may be changed between steps.</summary>
public sealed class ParamGroup
{
    private readonly Optimizer _optimizer;
    private readonly ParameterGroup _group;

    internal ParamGroup(Optimizer optimizer, ParameterGroup group)
    {
        _optimizer = optimizer;
        _group = group;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Params => _group.Parameters;

    /// <summary>
    /// All numbers of the group. Set them with <c>group.Options = group.Options with { Beta1 = 0.95 }</c>.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    /// <exception cref="ArgumentException">
    /// They are of another kind, or change what is laid out at construction.
    /// </exception>
    public OptimizerOptions Options
    {
        get => _optimizer.OptionsOf(_group);

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _optimizer.SetOptions(_group, value with { Dialect = Dialect.PyTorch });
        }
    }

    /// <summary>Refuses what setting <see cref="Options"/> would, and changes nothing.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    internal void Refuse(OptimizerOptions options) =>
        _optimizer.Options.OfGroup(options).RefuseOtherLayout(Options);

    /// <summary>The learning rate of the next step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to a negative, infinite or NaN number.</exception>
    /// <exception cref="InvalidOperationException">It is set while a function or a schedule rules.</exception>
    public double Lr
    {
        get => Options.LearningRate!.At(_optimizer.StepCount);

        set
        {
            LearningRate rule = Options.LearningRate!;
            if (rule is not LearningRate.Number)
            {
                throw new InvalidOperationException(
                    $"A {rule.GetType().Name} rules the learning rate: it cannot be set to {value}.");
            }

            Options = Options with { LearningRate = value };
        }
    }
}
