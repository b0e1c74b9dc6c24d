namespace NativeAdamax.Styles.PyTorch;

/// <summary>Functions to be called in the order in which they came.</summary>
internal sealed class HookList
{
    private readonly List<Hook> _hooks = [];
    private int _running;

    public int Count => _hooks.Count;

    public IDisposable Add(Action<TorchOptimizer> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        Hook added = new(this) { Call = hook };
        _hooks.Add(added);
        return added;
    }

    /// <summary>A hook that another one takes away is not called any more, one that joins is called already.</summary>
    public void Run(TorchOptimizer optimizer)
    {
        _running++;
        try
        {
            for (int i = 0; i < _hooks.Count; i++)
                _hooks[i].Call?.Invoke(optimizer);
        }
        finally
        {
            _running--;
            Forget();
        }
    }

    /// <summary>Places of hooks must stay as they are while they run.</summary>
    private void Forget()
    {
        if (_running == 0)
            _hooks.RemoveAll(hook => hook.Call is null);
    }

    private sealed class Hook(HookList list) : IDisposable
    {
        public Action<TorchOptimizer>? Call { get; set; }

        public void Dispose()
        {
            Call = null;
            list.Forget();
        }
    }
}
