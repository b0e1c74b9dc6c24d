using System.Runtime.InteropServices;

namespace NativeAdamax.Demo.Terminals;

/// <summary>Ctrl-C, or a request to terminate, ends the work at a safe point; a second one the process.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _exitCode;

    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 128 + 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 128 + 15)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>What a shell expects of a process that the signal ended: 130 after Ctrl-C.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        context.Cancel = _exitCode == 0;
        if (_exitCode != 0)
            return;
        _exitCode = exitCode;
        _source.Cancel();
    }
}
