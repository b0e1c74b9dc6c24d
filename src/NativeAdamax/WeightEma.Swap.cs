using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Weights and averages exchanged for a while.</content>
public sealed partial class WeightEma
{
    /// <summary>
    /// Exchanges weights and averages until the answer is disposed: <c>using (ema.Swap()) { evaluate }</c>. Then all is as
    /// before, bit for bit. Weights of fewer bits than their averages have them rounded to nearest; a copy of such weights
    /// is kept meanwhile. Every step and update of these parameters, and setting their weights, is refused until then.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// There is no average before the first update, they are swapped already, or another call is under way.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The average or a parameter has been disposed.</exception>
    public SwapScope Swap()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        ObjectDisposedException.ThrowIf(_disposed, this);
        RefuseIfSwapped();
        RefuseIfEmpty();
        CheckParameters();
        State.Exchange();
        IsSwapped = true;
        return new SwapScope(this);
    }

    private void SwapBack()
    {
        if (!IsSwapped)
            return;
        State.Exchange();
        IsSwapped = false;
    }

    /// <summary>The time in which the parameters hold their averages.</summary>
    public sealed class SwapScope : IDisposable
    {
        private WeightEma? _ema;

        internal SwapScope(WeightEma ema) => _ema = ema;

        /// <summary>Gives the parameters their weights back. A second call does nothing.</summary>
        /// <exception cref="InvalidOperationException">Another call is under way.</exception>
        public void Dispose()
        {
            if (_ema is not { } ema)
                return;
            using Exclusive.Scope scope = ema._exclusive.Enter();
            ema.SwapBack();
            _ema = null;
        }
    }
}
