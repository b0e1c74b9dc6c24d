using NativeAdamax.Clipping;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <content>What is kept from one step to the next.</content>
internal sealed unsafe partial class UpdateEngine
{
    public long CountOf(int tensor) => _counts[tensor];

    public void SetCount(int tensor, long count) => _counts[tensor] = count;

    /// <summary>Nadam's product of momenta.</summary>
    public double ProductOf(int tensor) => _products[tensor];

    public void SetProduct(int tensor, double product) => _products[tensor] = product;

    /// <summary>
    /// M, V, X, A and S of a tensor. There is no maximum where its group has no AMSGrad, no average where nothing averages,
    /// and no sum where nothing accumulates.
    /// </summary>
    public Kept Of(StreamPlace place, int tensor) =>
        place == StreamPlace.S ? _moments.Of(place, tensor) : TensorList.At(_tensors.All + tensor, place);

    /// <summary>Whether there are sums of gradients.</summary>
    public bool Accumulates => _settings.Accumulates;

    /// <summary>Whether Nadam's product of momenta is part of a tensor's state.</summary>
    public bool HasProduct(int tensor) => _recipes[_groupOf[tensor]].HasProduct;

    /// <summary>Whether there are gradients in the sum of a tensor since the last update.</summary>
    public ref bool HasSum(int tensor) => ref _hasSum[tensor];

    /// <summary>The last norms of a tensor's gradient; null where nothing needed them.</summary>
    public PercentileHistory? HistoryOf(int tensor) => _histories?[tensor];

    /// <summary>The same, made where there is none.</summary>
    public PercentileHistory MakeHistory(int tensor) =>
        (_histories ??= [.. _slots.Select(_ => new PercentileHistory())])[tensor];

    public ref TensorTraits Traits(int tensor) => ref _traits[tensor];

    /// <summary>The largest count after a call in which every tensor takes part that has a gradient now.</summary>
    public long LargestNextCount()
    {
        long largest = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            bool isCounted = (_slots[i].HasGradient || _slots[i].Count == 0) && !_slots[i].IsFrozen;
            largest = Math.Max(largest, _counts[i] + (isCounted ? 1 : 0));
        }

        return largest;
    }

    /// <summary>Goes on with other numbers, of the same number of groups.</summary>
    public void Change(Recipe[] recipes, EngineSettings settings)
    {
        _recipes = recipes;
        _settings = settings;
        _histories = HistoriesFor(settings);
    }

    /// <summary>
    /// Takes over what the first tensors had in an engine of the same kind. Those behind them have been counted with
    /// them where one count serves all.
    /// </summary>
    public void GoOnFrom(UpdateEngine before)
    {
        for (int i = 0; i < before._slots.Length; i++)
        {
            _counts[i] = before._counts[i];
            _products[i] = before._products[i];
            _traits[i] = before._traits[i];
            _hasSum[i] = before._hasSum[i];
            if (_histories is not null)
                _histories[i] = before._histories![i];
            foreach (StreamPlace place in (ReadOnlySpan<StreamPlace>)[StreamPlace.M, StreamPlace.V, StreamPlace.X, StreamPlace.S])
                before.Of(place, i).CopyTo(Of(place, i), _slots[i].Count);
        }

        for (int i = before._slots.Length; !_rules.CountsPerParameter && i < _slots.Length; i++)
        {
            // Momenta rise: a product that one of them leaves as it is is left so by all that come.
            for (double last = double.NaN; _counts[i] < _counts[0] && !_products[i].Equals(last); _counts[i]++)
            {
                last = _products[i];
                _products[i] = _recipes[_groupOf[i]].NextProduct(last, _counts[i] + 1, default);
            }

            _counts[i] = _counts[0];
        }
    }

    /// <summary>The first weight of a tensor that is infinite or NaN; -1 where none is.</summary>
    public long FirstNonFiniteWeight(int tensor)
    {
        NaPacking packing = new() { g = _slots[tensor].Weights.Packed };
        NaTensor weights = new()
        {
            g = _slots[tensor].W,
            packing = _slots[tensor].Weights.IsPacked ? &packing : null,
            count = _slots[tensor].Count,
        };
        return NormPass.FirstNonFinite(_backend, &weights, 1).Index;
    }
}
