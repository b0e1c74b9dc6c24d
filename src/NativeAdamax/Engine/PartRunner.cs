using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// Runs jobs on the caller's thread and on threads of the pool. Whoever is free takes the next job: where the pool is
/// cold or saturated the caller does them all, and waits only for those that a pool thread has begun. Allocates nothing
/// after construction.
/// </summary>
internal sealed unsafe class PartRunner : IDisposable
{
    /// <summary>So far below zero that no late worker takes a job between two runs.</summary>
    private const int Idle = int.MinValue / 2;

    private readonly Worker[] _workers;
    private readonly ManualResetEventSlim _lastDone = new(false);
    private KernelBackend? _backend;
    private KernelOp _op;
    private Parts? _parts;
    private int _left = Idle;
    private int _open;
    private int _status;

    public PartRunner(int threads)
    {
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(this);
    }

    /// <summary>Runs the op over every job; the answer is NA_OK, or the status of a job that was refused.</summary>
    public int Run(KernelBackend backend, KernelOp op, Parts parts)
    {
        if (parts.Count == 1)
            return backend.Run(op, parts, 0);

        _backend = backend;
        _op = op;
        _parts = parts;
        _open = parts.Count;
        _status = NativeMethods.NA_OK;
        Volatile.Write(ref _left, parts.Count);
        for (int i = 0; i < parts.Count - 1; i++)
            _workers[i].Queue();

        if (!TakeJobs() && parts.Count > 0)
        {
            _lastDone.Wait();
            _lastDone.Reset();
        }

        Volatile.Write(ref _left, Idle);
        return _status;
    }

    public void Dispose() => _lastDone.Dispose();

    /// <summary>Works until no job is left to begin. True if this thread finished the last one.</summary>
    private bool TakeJobs()
    {
        // Counted down, because one atomic number then says all: a thread that was held up between taking a number and
        // comparing it with a count could meet the count of the next run.
        bool last = false;
        for (int i; (i = Interlocked.Decrement(ref _left)) >= 0;)
        {
            int status = _backend!.Run(_op, _parts!, i);
            if (status != NativeMethods.NA_OK)
                Volatile.Write(ref _status, status);
            last = Interlocked.Decrement(ref _open) == 0;
        }

        return last;
    }

    private sealed class Worker(PartRunner runner) : IThreadPoolWorkItem
    {
        private int _queued;

        /// <summary>At most once at a time, so that a saturated pool does not gather entries.</summary>
        public void Queue()
        {
            if (Interlocked.Exchange(ref _queued, 1) == 0)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            Volatile.Write(ref _queued, 0);
            if (runner.TakeJobs())
                runner._lastDone.Set();
        }
    }
}
