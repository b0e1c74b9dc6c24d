using NativeAdamax.Clipping;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;
using NativeMemory = System.Runtime.InteropServices.NativeMemory;

namespace NativeAdamax.Engine;

/// <content>From gradients to rows of scalars: sums, norms, coefficients, counts.</content>
internal sealed unsafe partial class UpdateEngine
{
    private PercentileHistory[]? _histories;
    private readonly int _sumStream;
    private readonly bool[] _hasSum;

    /// <summary>Adds the gradients to their sums; not those that stand for their sum already.</summary>
    private void Accumulate(NaTensor* list, double scale)
    {
        StepScalars row = new() { GradScale = scale };
        _tensors.Scalars[0] = row.ToNative();
        _tensors.Scalars[1] = (row with { ZeroGrad = true }).ToNative();
        WithSums(list);
        for (int i = 0; i < Updated; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            _hasSum[tensor] = true;
            list[i].row = ZeroesGradient(tensor) ? 1u : 0;
            list[i].count = list[i].g == list[i].s ? 0 : list[i].count;
        }

        Run(KernelOp.Accumulate, list, Updated, 2);
        for (int i = 0; i < Updated; i++)
        {
            list[i].s = null;
            list[i].count = _slots[_tensors.ActiveIndex(i)].Count;
        }
    }

    /// <summary>Lets the sums of tensors without a gradient in this call stand for their gradients. False: there is none.</summary>
    private bool AdoptSums()
    {
        bool any = false;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_hasSum[i] && !_tensors.IsActive(i) && !_slots[i].IsFrozen)
            {
                _tensors.Adopt(i, _moments.Of(_sumStream, i));
                any = true;
            }
        }

        return any;
    }

    /// <summary>
    /// The list of the update that ends an accumulation. Where the mean needs no norm and the gradient no factor of its
    /// own, the kernel adds the sum in its one pass; otherwise the sum is complete first, and stands for the gradient.
    /// </summary>
    private NaTensor* TakeSums(ref double scale, ref bool zeroes, int calls, bool ownSums)
    {
        NaTensor* list = _tensors.SplitCopy();
        for (int i = 0; i < Skipped; i++)
            Clear(_tensors.PassiveIndex(i));
        if (scale == 1 && !_settings.ClipsByNorm && !ownSums)
        {
            WithSums(list);
        }
        else
        {
            Accumulate(list, scale);
            WithSums(list);
            for (int i = 0; i < Updated; i++)
            {
                list[i].g = list[i].s;
                list[i].s = null;
            }

            zeroes = true;
        }

        Array.Clear(_hasSum);
        scale = 1.0 / calls;
        return list;
    }

    private bool ZeroesGradient(int tensor) => _settings.ZeroGradients || _recipes[_groupOf[tensor]].ZeroGradients;

    private void WithSums(NaTensor* list)
    {
        for (int i = 0; i < Updated; i++)
            list[i].s = _moments.Of(_sumStream, _tensors.ActiveIndex(i));
    }

    private void Clear(int tensor) => NativeMemory.Clear(
        _moments.Of(_sumStream, tensor), (nuint)_slots[tensor].Count * sizeof(float));

    /// <summary>Sums the squares of a list's gradients. False where one is not finite.</summary>
    private bool Measure(NaTensor* list)
    {
        _norms!.Run(_backend, _runner, list, Updated, PartsFor(list, Updated));
        MeasureRows();
        return double.IsFinite(_norms.Total);
    }

    /// <summary>The factor of each tensor's gradient, clipping included.</summary>
    private StepOutcome Scale(NaTensor* list, double scale, bool finite, bool measured)
    {
        if (!_settings.ClipsByNorm)
        {
            _scales.AsSpan(0, Updated).Fill(scale);
            return new StepOutcome(true, finite, measured ? Norm(_norms!.Total, scale) : null, 1);
        }

        if (!measured)
            Measure(list);
        double norm = Norm(_norms!.Total, scale);
        double smallest = 1;
        for (int i = 0; i < Updated; i++)
        {
            double coefficient = Coefficient(_tensors.ActiveIndex(i), _norms[i], norm, scale);
            smallest = coefficient < smallest || double.IsNaN(coefficient) ? coefficient : smallest;
            _scales[i] = scale * coefficient;
        }

        return new StepOutcome(true, finite, norm, smallest);
    }

    private double Coefficient(int tensor, double square, double globalNorm, double scale)
    {
        ClipFormula formula = _settings.ClipFormula;
        double coefficient = 1;
        if (_settings.ClipNorm is { } most)
            coefficient *= formula.Coefficient(false, Norm(square, scale), most);
        if (_settings.GlobalClipNorm is { } globalMost)
            coefficient *= formula.Coefficient(true, globalNorm, globalMost);
        if (_settings.ClipPercentile is { } percentile)
            coefficient *= _histories![tensor].Coefficient(square * (scale * scale), percentile);
        return coefficient;
    }

    private PercentileHistory[]? HistoriesFor(EngineSettings settings) =>
        settings.ClipPercentile is null ? _histories : _histories ?? [.. _slots.Select(_ => new PercentileHistory())];

    private static double Norm(double squares, double scale) => Math.Abs(scale) * Math.Sqrt(squares);

    private void Count(ReadOnlySpan<StepRates> rates)
    {
        bool all = !_rules.CountsPerParameter || Skipped == 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (all || _tensors.IsActive(i))
                Count(i, rates);
        }
    }

    private void Count(int tensor, ReadOnlySpan<StepRates> rates)
    {
        _counts[tensor]++;
        Recipe recipe = _recipes[_groupOf[tensor]];
        if (recipe.HasProduct)
            _products[tensor] = recipe.NextProduct(_products[tensor], _counts[tensor], rates[_groupOf[tensor]]);
    }

    /// <summary>Neighbours with the same group, count, traits and scale share a row.</summary>
    private int FillRows(ReadOnlySpan<StepRates> rates, NaTensor* list, bool zeroes)
    {
        double ema = _average?.NextRate() ?? 0;
        bool overwrite = _average?.OverwritesNext ?? false;
        int rows = 0, updated = Updated;
        for (int k = 0, before = 0; k < updated; k++)
        {
            int i = _tensors.ActiveIndex(k);
            if (k == 0 || !SharesRow(before, i) || _scales[k] != _scales[k - 1])
            {
                StepScalars scalars = Scalars(i, rates[_groupOf[i]]);
                _tensors.Scalars[rows++] = (scalars with
                {
                    GradScale = scalars.GradScale * _scales[k],
                    Ema = ema,
                    EmaOverwrite = overwrite,
                    NonNegative = _traits[i].NonNegative,
                    ZeroGrad = zeroes || scalars.ZeroGrad,
                }).ToNative();
            }

            list[k].row = (uint)(rows - 1);
            before = i;
        }

        return rows;
    }

    private StepScalars Scalars(int tensor, in StepRates rates)
    {
        ref readonly TensorTraits traits = ref _traits[tensor];
        StepRates own = new(rates.LearningRate * traits.RateFactor, rates.Beta1)
        {
            DecayFactor = traits.IsExcludedFromDecay ? 0 : traits.DecayFactor,
        };
        return _recipes[_groupOf[tensor]].At(own, _counts[tensor], _products[tensor]);
    }

    private bool SharesRow(int a, int b) =>
        _groupOf[a] == _groupOf[b] && _counts[a] == _counts[b] && _products[a].Equals(_products[b])
        && _traits[a].Equals(_traits[b]);
}
