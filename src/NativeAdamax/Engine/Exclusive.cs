namespace NativeAdamax.Engine;

/// <summary>Lets one thread in at a time and refuses the others, instead of leaving them to undefined results.</summary>
internal sealed class Exclusive(string what)
{
    private int _taken;

    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public Scope Enter()
    {
        Take();
        return new Scope(this);
    }

    /// <summary>Keeps others out until <see cref="Give"/>.</summary>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public void Take()
    {
        if (Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
        {
            throw new InvalidOperationException(
                $"{what} is in use by another call. One of them is for one thread at a time.");
        }
    }

    public void Give() => Volatile.Write(ref _taken, 0);

    public readonly ref struct Scope(Exclusive owner)
    {
        public void Dispose() => owner.Give();
    }
}
