using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// One step over all parameters of an optimizer, in this order: read the gradients, count, compute the rows of scalars,
/// cut the list into parts, run the fused op, average what it did not reach.
/// </summary>
internal sealed unsafe class UpdateEngine : IDisposable
{
    /// <summary>
    /// Parameters a thread should have at least: a fork pays from some 50 thousand parameters on when the pool is
    /// hot, and from some 500 thousand when it is cold.
    /// </summary>
    private const ulong FewestPerThread = 128 * 1024;

    private readonly KernelBackend _backend;
    private readonly KernelOp _op;
    private readonly DialectRules _rules;
    private readonly Recipe[] _recipes;
    private readonly int[] _groupOf;
    private readonly TensorList _tensors;
    private readonly Streams _moments;
    private readonly Parts _parts;
    private readonly PartRunner _runner;
    private readonly long[] _counts;
    private readonly double[] _products;
    private readonly bool _hasMaximum;
    private AverageState? _average;

    /// <param name="backend">The kernels.</param>
    /// <param name="op">Adam or Adamax.</param>
    /// <param name="recipes">One a group, all of one dialect.</param>
    /// <param name="slots">The tensors, group by group.</param>
    /// <param name="groupOf">The group of each tensor.</param>
    /// <param name="threads">Parts at most; 1 or more.</param>
    public UpdateEngine(
        KernelBackend backend, KernelOp op, Recipe[] recipes, TensorSlot[] slots, int[] groupOf, int threads)
    {
        _backend = backend;
        _op = op;
        _rules = recipes[0].Rules;
        _recipes = recipes;
        _groupOf = groupOf;
        _hasMaximum = op == KernelOp.Adam && recipes.Any(r => r.AmsGrad);
        _counts = new long[slots.Length];
        _products = new double[slots.Length];
        Array.Fill(_products, 1.0);
        _moments = new Streams(slots, _hasMaximum ? 3 : 2);
        _tensors = new TensorList(slots, extraRows: 1);
        _parts = new Parts(threads);
        _runner = new PartRunner(threads);
        for (int i = 0; i < slots.Length; i++)
        {
            _tensors.All[i].m = _moments.Of(0, i);
            _tensors.All[i].v = _moments.Of(1, i);
            _tensors.All[i].x = _hasMaximum && recipes[groupOf[i]].AmsGrad ? _moments.Of(2, i) : null;
        }
    }

    public int Updated => _tensors.ActiveCount;

    public int Skipped => _tensors.PassiveCount;

    public long CountOf(int tensor) => _counts[tensor];

    public float* FirstMoment(int tensor) => _tensors.All[tensor].m;

    public float* SecondMoment(int tensor) => _tensors.All[tensor].v;

    /// <summary>Null where the tensor's group has no AMSGrad.</summary>
    public float* Maximum(int tensor) => _tensors.All[tensor].x;

    /// <summary>Averages the weights in the same pass from now on.</summary>
    public void Attach(AverageState average)
    {
        _average = average;
        for (int i = 0; i < _tensors.Count; i++)
            _tensors.All[i].a = average.Of(i);
    }

    /// <summary>Reads the gradients. False if there is none, and the dialect lets such a step pass as no step.</summary>
    /// <param name="gradients">All gradients end to end; null: the parameters' own.</param>
    /// <exception cref="InvalidOperationException">There is none, and the dialect takes that for an error.</exception>
    public bool ReadGradients(float* gradients)
    {
        if (gradients is null)
            _tensors.ReadGradients();
        else
            _tensors.ReadGradients(gradients);

        if (Updated > 0)
            return true;
        return _rules.NeedsGradient
            ? throw new InvalidOperationException("No parameter has a gradient.")
            : false;
    }

    public void ZeroGradients() => _tensors.ZeroGradients();

    /// <summary>The step itself, after <see cref="ReadGradients"/>.</summary>
    /// <param name="rates">One a group.</param>
    public void Step(ReadOnlySpan<StepRates> rates)
    {
        double ema = _average?.NextRate() ?? 0;
        Count(rates);
        int rows = FillRows(rates, ema);
        Run(_op, _tensors.Split(), _tensors.ActiveCount, rows);
        if (_average is not null)
        {
            if (_rules.AveragesAll && Skipped > 0)
                AveragePassive(ema);
            _average.Advance();
        }
    }

    public void Dispose()
    {
        _tensors.Dispose();
        _moments.Dispose();
        _parts.Dispose();
        _runner.Dispose();
    }

    private void Count(ReadOnlySpan<StepRates> rates)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_rules.CountsPerParameter && !_tensors.IsActive(i))
                continue;
            _counts[i]++;
            int group = _groupOf[i];
            _products[i] = _recipes[group].NextProduct(_products[i], _counts[i], rates[group]);
        }
    }

    /// <summary>Neighbours of one group and one count share a row.</summary>
    private int FillRows(ReadOnlySpan<StepRates> rates, double ema)
    {
        int rows = 0, previous = -1;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (!_tensors.IsActive(i))
                continue;
            int group = _groupOf[i];
            if (previous < 0 || group != _groupOf[previous] || _counts[i] != _counts[previous])
            {
                StepScalars scalars = _recipes[group].At(rates[group], _counts[i], _products[i]);
                _tensors.Scalars[rows++] = (scalars with { Ema = ema }).ToNative();
            }

            _tensors.All[i].row = (uint)(rows - 1);
            previous = i;
        }

        return rows;
    }

    private void AveragePassive(double ema)
    {
        int row = _tensors.Rows - 1;
        _tensors.Scalars[row] = new StepScalars { Ema = ema }.ToNative();
        for (int i = 0; i < Skipped; i++)
            _tensors.Passive[i].row = (uint)row;
        Run(KernelOp.Ema, _tensors.Passive, Skipped, _tensors.Rows);
    }

    private void Run(KernelOp op, NaTensor* tensors, int count, int rows)
    {
        ulong elements = 0;
        for (int i = 0; i < count; i++)
            elements += tensors[i].count;
        int parts = (int)Math.Clamp(elements / FewestPerThread, 1, (ulong)_parts.Most);
        _parts.Cut(_backend, _tensors.Scalars, (ulong)rows, tensors, count, parts);
        int status = _runner.Run(_backend, op, _parts);
        if (status != NativeMethods.NA_OK)
            throw new InvalidOperationException($"The kernel refused a job of its own engine with status {status}.");
    }
}
