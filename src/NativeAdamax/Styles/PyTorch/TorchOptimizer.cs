namespace NativeAdamax.Styles.PyTorch;

/// <summary>
/// An optimizer called as those of torch.optim: groups of parameters that can be changed and added to, closures, hooks,
/// state dictionaries by position. All arithmetic is <see cref="Optimizer"/>'s.
/// </summary>
public sealed class TorchOptimizer : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly List<ParamGroup> _groups = [];
    private readonly HookList _before = new();
    private readonly HookList _after = new();

    /// <summary>An optimizer of one group.</summary>
    /// <param name="parameters">At least one, none twice.</param>
    /// <param name="options">Which optimizer, and its numbers. The dialect is PyTorch's, whatever they say.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no parameter, one is null or stands there twice, or two share memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public TorchOptimizer(IEnumerable<Parameter> parameters, OptimizerOptions options)
        : this([new ParameterGroup(parameters)], options)
    {
    }

    /// <summary>An optimizer of several groups.</summary>
    /// <param name="groups">At least one. What a group leaves open is as in <paramref name="options"/>.</param>
    /// <param name="options">Which optimizer, and its numbers. The dialect is PyTorch's, whatever they say.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no group, a parameter stands there twice, two share memory, or a group's options are of another kind.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public TorchOptimizer(IEnumerable<ParameterGroup> groups, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Dialect = Dialect.PyTorch };
        OptimizerOptions resolved = options.Resolve();
        ParameterGroup[] own = [.. groups.Select(g => Own(g, resolved))];
        _optimizer = OptimizerOf.Options(options, own);
        _groups.AddRange(own.Select(g => new ParamGroup(_optimizer, g)));
    }

    /// <summary>In the order of updates and of state dictionaries.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups => _groups;

    /// <summary>What the last step did.</summary>
    public StepReport LastReport { get; private set; }

    /// <summary>What this one stands on: averages, reports and the rest.</summary>
    public Optimizer Inner => _optimizer;

    /// <summary>One more group, for parameters that join later.</summary>
    /// <param name="parameters">None of them in another group.</param>
    /// <param name="options">What is left open is as at construction; null: all of it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A parameter is there already, two share memory, or the options are of another kind.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This or a parameter has been disposed.</exception>
    public void AddParamGroup(IEnumerable<Parameter> parameters, OptimizerOptions? options = null)
    {
        ParameterGroup group = Own(new ParameterGroup(parameters, options), _optimizer.Options);
        _optimizer.AddGroup(group);
        _groups.Add(new ParamGroup(_optimizer, group));
    }

    /// <summary>Updates every parameter that has a gradient, between the hooks.</summary>
    /// <inheritdoc cref="Optimizer.Step()"/>
    public void Step()
    {
        _before.Run(this);
        LastReport = _optimizer.Step();
        _after.Run(this);
    }

    /// <summary>Computes a loss and its gradients, then updates.</summary>
    /// <param name="closure">Clears the gradients, computes them anew and answers with the loss.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="closure"/> is null.</exception>
    public TLoss Step<TLoss>(Func<TLoss> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        _before.Run(this);
        TLoss loss = closure();
        LastReport = _optimizer.Step();
        _after.Run(this);
        return loss;
    }

    /// <summary>Clears all gradients.</summary>
    /// <param name="setToNone">
    /// True: takes them away, so that a parameter that gets no new one is left out of the next step. False: zeros.
    /// </param>
    public void ZeroGrad(bool setToNone = true)
    {
        if (!setToNone)
        {
            _optimizer.ZeroGradients();
            return;
        }

        foreach (Parameter parameter in _optimizer.Parameters)
            parameter.ClearGradient();
    }

    /// <summary>
    /// Calls a function before every step, after those registered earlier, until the answer is disposed.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public IDisposable RegisterStepPreHook(Action<TorchOptimizer> hook) => _before.Add(hook);

    /// <summary>
    /// Calls a function after every step, after those registered earlier, until the answer is disposed.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    public IDisposable RegisterStepPostHook(Action<TorchOptimizer> hook) => _after.Add(hook);

    /// <summary>The numbers of all groups and a copy of the moments, under PyTorch's keys.</summary>
    /// <exception cref="InvalidOperationException">A parameter is longer than an array can be.</exception>
    public StateDict StateDict() => StateDictWriter.Write(_optimizer, _groups);

    /// <summary>
    /// Goes on from a state dictionary: parameters are matched by their place in the groups. The groups' numbers are
    /// replaced by those of the dictionary; keys that are missing there mean PyTorch's defaults. A learning rate that a
    /// function or a schedule rules stays ruled by it.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="stateDict"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The groups are another number or of another size, a state has another length, kind or key, or AMSGrad is on in
    /// one and off in the other. Nothing has been changed then.
    /// </exception>
    public void LoadStateDict(StateDict stateDict)
    {
        ArgumentNullException.ThrowIfNull(stateDict);
        StateDictReader.Read(this, stateDict);
    }

    /// <summary>Frees the moments. Not the parameters.</summary>
    public void Dispose() => _optimizer.Dispose();

    /// <summary>A group that owns all its numbers, as PyTorch's do.</summary>
    private static ParameterGroup Own(ParameterGroup group, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(group);
        OptimizerOptions? own = group.Options is null ? null : group.Options with { Dialect = Dialect.PyTorch };
        return new ParameterGroup(group.Parameters, options.OfGroup(own));
    }
}
