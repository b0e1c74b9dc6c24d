using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeAdamax.Tests.Demo;

/// <summary>The built demo as a process of its own, in an empty directory, with its output in pipes.</summary>
internal sealed class DemoProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // What makes runs slower or changes them; a test sets what it is about.
    private static readonly string[] Inherited =
    [
        "DOTNET_EnableHWIntrinsic", "DOTNET_EnableAVX", "DOTNET_EnableAVX2", "DOTNET_EnableAVX512",
        "NATIVE_ADAMAX_BACKEND", "NATIVE_ADAMAX_ISA",
    ];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _outputEnd;
    private readonly Task<string> _error;

    public DemoProcess(string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = StartInfo(Host, [Assembly, .. arguments]);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _outputEnd = Task.Run(() => Collect(_process.StandardOutput));
        _error = _process.StandardError.ReadToEndAsync();
    }

    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "NativeAdamax.Demo.dll");

    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public string Directory => _process.StartInfo.WorkingDirectory;

    public int Id => _process.Id;

    public static ProcessStartInfo StartInfo(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = System.IO.Directory.CreateTempSubdirectory("demo-").FullName,
        };
        foreach (string name in Inherited)
            start.Environment.Remove(name);
        return start;
    }

    /// <summary>Waits until the demo has written a text.</summary>
    public void WaitFor(string text)
    {
        bool written = SpinWait.SpinUntil(
            () => OutputSoFar().Contains(text, StringComparison.Ordinal) || _process.HasExited, Patience);
        if (!written || _process.HasExited)
            throw new InvalidOperationException($"The demo did not write '{text}':\n{OutputSoFar()}");
    }

    /// <summary>Waits for the end.</summary>
    public DemoOutcome Finish()
    {
        if (!_process.WaitForExit(Patience))
            throw new TimeoutException($"The demo did not end within {Patience}.");
        _outputEnd.Wait();
        return new DemoOutcome(_process.ExitCode, OutputSoFar(), _error.Result);
    }

    /// <summary>Starts it and waits for the end.</summary>
    public static DemoOutcome Run(params string[] arguments)
    {
        using var process = new DemoProcess(arguments);
        return process.Finish();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        System.IO.Directory.Delete(Directory, recursive: true);
        _process.Dispose();
    }

    private string OutputSoFar()
    {
        lock (_output)
            return _output.ToString();
    }

    // In pieces and not in lines, which would hide a lone carriage return.
    private void Collect(StreamReader reader)
    {
        char[] buffer = new char[4096];
        while (reader.Read(buffer) is > 0 and int count)
        {
            lock (_output)
                _output.Append(buffer, 0, count);
        }
    }
}

internal sealed partial record DemoOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>The hash of the weights that the demo printed.</summary>
    public string Hash => HashPattern().Match(Output) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidOperationException($"There is no hash in the output:\n{Output}\n{Error}");

    /// <summary>The characters below the space, and DEL, but for the ends of lines.</summary>
    public IEnumerable<char> ControlCharacters =>
        (Output + Error).Replace(Environment.NewLine, string.Empty, StringComparison.Ordinal).Where(char.IsControl);

    [GeneratedRegex("sha256 ([0-9a-f]{16})")]
    private static partial Regex HashPattern();
}
