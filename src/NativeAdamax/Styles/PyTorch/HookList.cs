namespace NativeAdamax.Styles.PyTorch;

/// <summary>Functions to be called in the order in which they came.</summary>
internal sealed class HookList
{
    private readonly List<Action<TorchOptimizer>?> _hooks = [];

    public IDisposable Add(Action<TorchOptimizer> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _hooks.Add(hook);
        return new Registration(this, _hooks.Count - 1);
    }

    /// <summary>A hook that another one takes away is not called any more, one that joins is called already.</summary>
    public void Run(TorchOptimizer optimizer)
    {
        for (int i = 0; i < _hooks.Count; i++)
            _hooks[i]?.Invoke(optimizer);
    }

    private sealed class Registration(HookList list, int place) : IDisposable
    {
        public void Dispose() => list._hooks[place] = null;
    }
}
