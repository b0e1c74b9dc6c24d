namespace NativeAdamax.Engine;

/// <summary>
/// Tensors that wait to be worked on one after the other, by a thread of the pool while others are added, or in the end
/// by whoever waits for them: a cold or saturated pool costs nothing. Allocates nothing after construction.
/// </summary>
/// <param name="capacity">Tensors at most between two calls of <see cref="Reset"/>.</param>
/// <param name="work">What is done with each; not by two threads at once.</param>
internal sealed class TensorQueue(int capacity, Action<int> work) : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _rests = new(true);
    private readonly int[] _tensors = new int[capacity];
    private int _added;
    private int _done;
    private bool _isAtWork;
    private Exception? _failure;

    /// <summary>Adds a tensor, and wakes a thread of the pool if none is at work.</summary>
    public void Add(int tensor)
    {
        bool wakes;
        lock (_gate)
        {
            wakes = !_isAtWork && _added == _done;
            _tensors[_added++] = tensor;
        }

        if (wakes)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Works until none is left, or waits for the thread that does.</summary>
    /// <exception cref="Exception">What the work threw first.</exception>
    public void Finish()
    {
        while (!Work())
            _rests.Wait();
        if (_failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Makes room; only where nothing waits.</summary>
    public void Reset()
    {
        lock (_gate)
            (_added, _done, _failure) = (0, 0, null);
    }

    public void Execute() => Work();

    public void Dispose() => _rests.Dispose();

    /// <summary>False: another thread is at it.</summary>
    private bool Work()
    {
        lock (_gate)
        {
            if (_isAtWork)
                return false;

            // A thread of the pool may come when all has long been done.
            if (_done == _added)
                return true;
            _isAtWork = true;
            _rests.Reset();
        }

        while (Next() is { } tensor)
        {
            try
            {
                work(tensor);
            }
            catch (Exception e)
            {
                _failure ??= e;
            }
        }

        return true;
    }

    /// <summary>The next tensor; null, and at rest, where there is none.</summary>
    private int? Next()
    {
        lock (_gate)
        {
            if (_done < _added)
                return _tensors[_done++];
            _isAtWork = false;
            _rests.Set();
            return null;
        }
    }
}
