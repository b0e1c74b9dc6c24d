using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// One step over all parameters of an optimizer, in this order: read the gradients; add them to the sums, where calls
/// accumulate; their norms, where something needs them; count; compute the rows of scalars; cut the list into parts and
/// run the fused op; average what it did not reach.
/// </summary>
internal sealed unsafe partial class UpdateEngine : IDisposable
{
    /// <summary>
    /// Parameters a thread should have at least: a fork pays from some 64 Ki parameters on when the pool is hot, and from
    /// some 512 Ki when it is cold; at 256 Ki a cold one costs a tenth to a fifth of the step.
    /// </summary>
    internal const ulong FewestPerThread = 256 * 1024;

    private readonly KernelBackend _backend;
    private readonly KernelOp _op;
    private readonly DialectRules _rules;
    private readonly TensorTraits[] _traits;
    private readonly int[] _groupOf;
    private readonly TensorSlot[] _slots;
    private readonly TensorList _tensors;
    private readonly Streams _moments;
    private readonly Parts _parts;
    private readonly PartRunner _runner;
    private readonly NormPass? _norms;
    private readonly SparseTensors _sparse;
    private readonly long[] _counts;
    private readonly double[] _products;
    private readonly double[] _scales;
    private Recipe[] _recipes;
    private EngineSettings _settings;
    private AverageState? _average;

    /// <param name="backend">The kernels.</param>
    /// <param name="op">Adam or Adamax.</param>
    /// <param name="recipes">One a group, all of one dialect.</param>
    /// <param name="slots">The tensors, group by group.</param>
    /// <param name="groupOf">The group of each tensor.</param>
    /// <param name="settings">What holds for all of them.</param>
    public UpdateEngine(
        KernelBackend backend,
        KernelOp op,
        Recipe[] recipes,
        TensorSlot[] slots,
        int[] groupOf,
        EngineSettings settings)
    {
        _backend = backend;
        _op = op;
        _rules = recipes[0].Rules;
        _settings = settings;
        _recipes = recipes;
        _groupOf = groupOf;
        _slots = slots;
        _counts = new long[slots.Length];
        _scales = new double[slots.Length];
        _products = new double[slots.Length];
        Array.Fill(_products, 1.0);
        _traits = new TensorTraits[slots.Length];
        Array.Fill(_traits, TensorTraits.Plain);
        bool hasMaximum = op == KernelOp.Adam && recipes.Any(r => r.AmsGrad);
        _sumStream = hasMaximum ? 3 : 2;
        _moments = new Streams(slots, _sumStream + (settings.Accumulates ? 1 : 0), settings.StateFolder);
        _tensors = new TensorList(slots, extraRows: 1);
        ulong elements = slots.Aggregate(0ul, (sum, slot) => unchecked(sum + slot.Count));
        int threads = (int)Math.Clamp(elements / FewestPerThread, 1, (ulong)settings.Threads);
        _parts = new Parts(threads);
        _runner = new PartRunner(threads);
        _norms = new NormPass(slots, threads);
        _sparse = new SparseTensors(slots, _tensors, new RowJobs(backend, _runner, threads, FewestPerThread), op);
        _hasSum = new bool[slots.Length];
        _histories = HistoriesFor(settings);
        for (int i = 0; i < slots.Length; i++)
        {
            _tensors.All[i].m = _moments.Of(0, i);
            _tensors.All[i].v = _moments.Of(1, i);
            _tensors.All[i].x = hasMaximum && recipes[groupOf[i]].AmsGrad ? _moments.Of(2, i) : null;
        }
    }

    public int Updated => _tensors.ActiveCount;

    public int Skipped => _tensors.PassiveCount;

    /// <summary>Whether a parameter had a constraint when the gradients were last read.</summary>
    public bool HasConstraints => _tensors.HasConstraints;

    /// <summary>Whether a tensor had a gradient when they were last read.</summary>
    public bool TakesPart(int tensor) => _tensors.IsActive(tensor);

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
        _sparse.Read(_recipes, _groupOf, rows: gradients is null);

        return HasGradients();
    }

    /// <summary>Weights of the tensors that took part in the last step.</summary>
    public long ElementsUpdated
    {
        get
        {
            ulong elements = 0;
            for (int i = 0; i < _slots.Length; i++)
                elements += _tensors.IsActive(i) ? _slots[i].Count : 0;
            return (long)elements;
        }
    }

    public void ZeroGradients() => _tensors.ZeroGradients();

    /// <summary>Counts a step that was refused, for a dialect to which it is one.</summary>
    public void CountRefused(ReadOnlySpan<StepRates> rates) => Count(rates);

    /// <summary>
    /// Zeroes the gradients where every step does: one that adds up would otherwise keep its NaN, and be refused for ever.
    /// </summary>
    public void ZeroRefusedGradients()
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (ZeroesGradient(i) && !_slots[i].IsFrozen)
                _slots[i].ZeroGradient();
        }
    }

    /// <summary>The call itself, after <see cref="ReadGradients"/>. All or nothing.</summary>
    /// <param name="rates">One a group.</param>
    /// <param name="request">What is asked for.</param>
    public StepOutcome Step(ReadOnlySpan<StepRates> rates, in StepRequest request)
    {
        bool ownSums = request is { IsUpdate: true, Calls: > 1 } && _rules.KeepsSumsOfMissing && AdoptSums();
        NaTensor* list = _sparse.HidesAny ? _sparse.Hide(_tensors.SplitCopy()) : _tensors.Split();
        bool finite = !request.ChecksFinite || Measure(list);
        if (!finite && request.RefusesNonFinite)
            return new StepOutcome(false, false, null, 1);

        _sparse.CatchUpWhole();
        if (!request.IsUpdate)
        {
            Accumulate(list, request.GradientScale);
            if (_average is not null && _rules.SeesEveryCall && !_keepsWeights)
                AverageCall(list);
            ClearRows();
            return new StepOutcome(true, finite, null, 1);
        }

        double scale = request.GradientScale;
        bool zeroes = _settings.ZeroGradients;
        if (request.Calls > 1)
            list = TakeSums(ref scale, ref zeroes, request.Calls, ownSums);

        StepOutcome outcome = Scale(list, scale, finite, measured: request.ChecksFinite && request.Calls == 1);
        Count(rates);
        int rows = FillRows(rates, list, zeroes);
        if (_settings.MaxUpdateNorm is { } most)
            outcome = outcome with { UpdateCoefficient = RunHeldBack(list, rows, most) };
        else
            Run(_op, list, Updated, rows);
        _sparse.Update(list, _tensors.Scalars, rows);
        FinishAverage();
        ClearRows();
        return outcome;
    }

    public void Dispose()
    {
        _sparse.Dispose();
        _tensors.Dispose();
        _moments.Dispose();
        _parts.Dispose();
        _runner.Dispose();
        _norms?.Dispose();
        _changes?.Dispose();
    }

    private bool HasGradients() =>
        Updated > 0 || (_rules.NeedsGradient ? throw new InvalidOperationException("No parameter has a gradient.") : false);

    private void FinishAverage()
    {
        if (_average is null || _keepsWeights)
            return;
        if (_rules.AveragesAll && Skipped > 0)
            AverageOnly(_tensors.Passive, Skipped);
        _average.Advance(isUpdate: true);
    }

    /// <summary>Moves the averages in a call that only accumulates.</summary>
    private void AverageCall(NaTensor* list)
    {
        if (_rules.AveragesAll)
            AverageOnly(_tensors.All, _tensors.Count);
        else
            AverageOnly(list, Updated);
        _average!.Advance(isUpdate: false);
    }

    /// <summary>Moves averages without a step, and where it is due the weights onto them.</summary>
    private void AverageOnly(NaTensor* tensors, int count)
    {
        int row = _tensors.Rows - 1;
        _tensors.Scalars[row] = new StepScalars { Ema = _average!.NextRate() }.ToNative();
        for (int i = 0; i < count; i++)
            tensors[i].row = (uint)row;
        Run(KernelOp.Ema, tensors, count, _tensors.Rows);
        for (int i = 0; _average.OverwritesNext && i < count; i++)
            Buffer.MemoryCopy(tensors[i].a, tensors[i].w, tensors[i].count * sizeof(float), tensors[i].count * sizeof(float));
    }

    private void Run(KernelOp op, NaTensor* tensors, int count, int rows)
    {
        _parts.Cut(_backend, _tensors.Scalars, (ulong)rows, tensors, count, PartsFor(tensors, count));
        Status.Check(_runner.Run(_backend, op, _parts));
    }

    private int PartsFor(NaTensor* tensors, int count)
    {
        if (_parts.Most == 1)
            return 1;
        ulong elements = 0;
        for (int i = 0; i < count; i++)
            elements += tensors[i].count;
        return (int)Math.Clamp(elements / FewestPerThread, 1, (ulong)_parts.Most);
    }
}
