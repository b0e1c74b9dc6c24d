namespace NativeAdamax.Engine;

/// <summary>
/// Tensors that wait to be worked on one after the other, by a thread of the pool while others are added, or in the end
/// by whoever waits for them: a cold or saturated pool costs nothing. Allocates nothing after construction.
/// </summary>
/// <param name="capacity">Number of tensors; between two calls of <see cref="Open"/> each may be added once.</param>
/// <param name="work">What is done with each; not by two threads at once.</param>
internal sealed class TensorQueue(int capacity, Action<int> work) : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _rests = new(true);
    private readonly int[] _tensors = new int[capacity];
    private readonly bool[] _isAdded = new bool[capacity];
    private int _added;
    private int _done;
    private bool _isAtWork;
    private long _step;
    private Exception? _failure;

    public int Capacity => _tensors.Length;

    /// <summary>Which tensors were added since <see cref="Open"/>.</summary>
    public ReadOnlySpan<bool> IsAdded => _isAdded;

    /// <summary>Adds a tensor, and wakes a thread of the pool if none is at work.</summary>
    /// <param name="step">The number that the queue was opened with.</param>
    /// <param name="tensor">Its number.</param>
    /// <param name="wakesPool">False: this thread does the work, unless another one is at it.</param>
    /// <returns>False: it had been added before.</returns>
    /// <exception cref="InvalidOperationException">The step is not the one under way.</exception>
    public bool Add(long step, int tensor, bool wakesPool)
    {
        bool wakes;
        lock (_gate)
        {
            if (step != _step)
                throw new InvalidOperationException("The step is complete: begin another one.");
            if (_isAdded[tensor])
                return false;
            wakes = !_isAtWork && _added == _done;
            _isAdded[tensor] = true;
            _tensors[_added++] = tensor;
        }

        if (!wakesPool)
            Work();
        else if (wakes)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Closes the queue, and works until none is left, or waits for the thread that does.</summary>
    /// <exception cref="Exception">What the work threw first.</exception>
    public void Finish()
    {
        lock (_gate)
            _step = 0;
        while (!Work())
            _rests.Wait();
        if (_failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Makes room, and takes tensors of a step from now on; only where nothing waits.</summary>
    /// <param name="step">Its number, from 1 on.</param>
    public void Open(long step)
    {
        lock (_gate)
        {
            (_added, _done, _failure, _step) = (0, 0, null, step);
            Array.Clear(_isAdded);
        }
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
