using NativeAdamax.Dialects;

namespace NativeAdamax.Engine;

/// <content>What is done for gradients that are given by rows.</content>
internal sealed unsafe partial class UpdateEngine
{
    /// <summary>Whether rows of a tensor make up later for the step whose gradients were read last.</summary>
    public bool MakesUp(int tensor) => _sparse.MakesUp(tensor);

    /// <summary>Whether rows of a tensor would make up later for a step that they are given to now.</summary>
    /// <exception cref="InvalidOperationException">The optimizer does not take the gradient as it is given.</exception>
    public bool RefuseOrMakeUp(int tensor)
    {
        Recipe recipe = _recipes[_groupOf[tensor]];
        _sparse.Refuse(tensor, recipe, _slots[tensor].HasRows, _slots[tensor].G is not null);
        return _slots[tensor].HasRows && recipe.RowMode == SparseMode.Exact;
    }

    /// <summary>Whether rows of a tensor have missed steps.</summary>
    public bool IsBehind(int tensor) => _sparse.IsBehind(tensor);

    /// <summary>Brings all rows of a tensor up to date.</summary>
    public void CatchUp(int tensor) => _sparse.CatchUp(tensor);

    /// <summary>Brings rows of a tensor up to date.</summary>
    public void CatchUp(int tensor, ReadOnlySpan<int> rows) => _sparse.CatchUp(tensor, rows);

    /// <summary>The first gradient element that is not finite: its tensor and its index there.</summary>
    public (int Tensor, long Index) FirstNonFinite()
    {
        if (!_sparse.HidesAny)
            return NormPass.FirstNonFinite(_backend, _tensors.All, _tensors.Count);
        (int place, long index) = NormPass.FirstNonFinite(_backend, _sparse.Compact(_tensors.SplitCopy()), Updated);
        int tensor = _tensors.ActiveIndex(place);
        return (tensor, _sparse.IsHidden(tensor) ? _sparse.Rows(tensor).Position(index) : index);
    }

    /// <summary>Adds the squares of hidden tensors' rows to those of a list.</summary>
    private void MeasureRows()
    {
        if (!_sparse.HidesAny)
            return;
        for (int i = 0; i < Updated; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            if (_sparse.IsHidden(tensor))
                _norms!.Set(i, RowSquares.Sum(_sparse.Rows(tensor), _slots[tensor].Count));
        }

        _norms!.Sum(Updated);
    }

    /// <summary>Zeroes the rows of this step where every step zeroes its gradients: none are left.</summary>
    private void ClearRows()
    {
        if (!_tensors.HasRows)
            return;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_tensors.IsActive(i))
                ClearRows(i);
        }
    }

    private void ClearRows(int tensor)
    {
        if (_slots[tensor].HasRows && ZeroesGradient(tensor))
            _slots[tensor].Rows!.Clear();
    }
}
