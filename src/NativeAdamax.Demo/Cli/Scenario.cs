using NativeAdamax.Demo.Terminals;

namespace NativeAdamax.Demo.Cli;

/// <summary>A scenario whose options are all in order.</summary>
/// <param name="resources">Disposed with it.</param>
/// <param name="run">Does it; an <see cref="OperationCanceledException"/> is its end by the user's wish.</param>
internal sealed class Scenario(IDisposable? resources, Action<Terminal, CancellationToken> run) : IDisposable
{
    public void Run(Terminal terminal, CancellationToken cancellation) => run(terminal, cancellation);

    public void Dispose() => resources?.Dispose();
}
