using System.Diagnostics;

namespace NativeAdamax.Tests.Demo;

[Trait("Category", "Process")]
public class DemoInterruptTests
{
    [UnixTheory]
    [InlineData("INT", 130, "", "epoch    1/")]
    [InlineData("TERM", 143, "", "epoch    1/")]
    [InlineData("INT", 130, "--precision all --hidden 16 --epochs 100", "held out")]
    [InlineData("INT", 130, "noise --recordings 2 --seconds 120", "Adamax rehearses")]
    public void A_signal_stops_the_run_with_its_code_and_leaves_no_plot(
        string signal, int code, string scenario, string started)
    {
        string[] arguments = scenario.Length > 0 ? scenario.Split(' ') : ["--epochs", "100000"];
        using var process = new DemoProcess([.. arguments, "--plot", "plot/p.svg"]);
        process.WaitFor(started);

        Kill(signal, process.Id);
        DemoOutcome outcome = process.Finish();

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains("Stopped before the end; no plot was written.", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(process.Directory, "*", SearchOption.AllDirectories));
    }

    [ScriptFact]
    public void After_control_c_a_terminal_has_its_cursor_again()
    {
        // script gives the demo a terminal; the byte 3 typed there becomes the signal.
        string command = $"{Quoted(DemoProcess.Host)} {Quoted(DemoProcess.Assembly)} --epochs 100000";
        ProcessStartInfo start = DemoProcess.StartInfo("script", ["-qec", command, "/dev/null"]);
        start.RedirectStandardInput = true;
        start.Environment["TERM"] = "xterm-256color";
        using Process terminal = Process.Start(start)!;
        string output = ReadUntil(terminal.StandardOutput, "on held-out images");

        terminal.StandardInput.Write('\u0003');
        terminal.StandardInput.Flush();
        output += terminal.StandardOutput.ReadToEnd();
        terminal.WaitForExit();
        Directory.Delete(start.WorkingDirectory, recursive: true);

        Assert.Equal(130, terminal.ExitCode);
        Assert.Contains("Stopped before the end", output, StringComparison.Ordinal);
        int hidden = output.LastIndexOf("\e[?25l", StringComparison.Ordinal);
        Assert.InRange(hidden, 0, output.Length);
        Assert.InRange(output.LastIndexOf("\e[?25h", StringComparison.Ordinal), hidden, output.Length);
    }

    private static void Kill(string signal, int process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static string ReadUntil(StreamReader reader, string text)
    {
        string read = string.Empty;
        char[] buffer = new char[4096];
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            int count = reader.Read(buffer);
            Assert.True(count > 0, $"The demo ended early:\n{read}");
            read += new string(buffer, 0, count);
        }

        return read;
    }

    /// <summary>One word for the shell, also with an apostrophe in it.</summary>
    private static string Quoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>Runs where signals are POSIX's.</summary>
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no kill." : null;
}

/// <summary>Runs where util-linux's script can make a terminal.</summary>
public sealed class ScriptFactAttribute : FactAttribute
{
    public ScriptFactAttribute() =>
        Skip = OperatingSystem.IsLinux() && File.Exists("/usr/bin/script") ? null : "util-linux's script is not here.";
}
