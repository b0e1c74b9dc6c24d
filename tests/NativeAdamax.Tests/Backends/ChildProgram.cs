using Microsoft.Extensions.Logging;

namespace NativeAdamax.Tests.Backends;

/// <summary>
/// What this assembly does when it is started as a program: it reports the backend it got, as the tests of the
/// fall-back ask it to, each in a process of its own; or with arguments, it saves until it is killed.
/// </summary>
internal static class ChildProgram
{
    public static int Main(string[] args)
    {
        if (args.Length > 0)
            return Checkpoints.SavingChild.Run(args);
        CountingLogger logger = new();
        Backend.Logger = logger;
        try
        {
            BackendInfo info = Backend.Info;
            float[] w = [1, 2, 3], m = new float[3], v = new float[3];
            FusedOps.Adam(w, [1f, 1f, 1f], m, v, new StepScalars { C1 = 1, C2 = 1, Eps = 1, Step = 2 });
            Write("kind", info.Kind.ToString());
            Write("file", info.LibraryFile);
            Write("reason", info.FallbackReason);
            Write("same", ReferenceEquals(info, Backend.Info).ToString());
            Write("weights", string.Join(' ', w));
            Write("warnings", logger.Messages.Count.ToString());
            Write("warning", logger.Messages.FirstOrDefault());
            CountingLogger late = new();
            Backend.Logger = late;
            Write("late", late.Messages.Count.ToString());
        }
        catch (BackendUnavailableException e)
        {
            Write("unavailable", e.Message);
            return 3;
        }

        return 0;
    }

    private static void Write(string name, string? value) => Console.WriteLine($"{name}={value ?? "(null)"}");

    private sealed class CountingLogger : ILogger
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Messages.Add(formatter(state, exception));
        }
    }
}
