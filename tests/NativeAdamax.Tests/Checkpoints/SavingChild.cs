using System.Diagnostics;
using System.Globalization;
using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Backends;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>This assembly as a program that saves checkpoints, to be killed or to run into a wall.</summary>
internal static class SavingChild
{
    public const string SingleName = "single.safetensors";

    /// <summary>A process that runs this, under a shell that prepares its surroundings first.</summary>
    /// <param name="shell">A script whose "$@" is the program; null: no shell.</param>
    /// <param name="arguments">Of this program.</param>
    public static Process Start(string? shell, params string[] arguments)
    {
        string[] program = [ChildProcess.DotnetHost, "exec", Path.Combine(AppContext.BaseDirectory, "NativeAdamax.Tests.dll"), .. arguments];
        string[] whole = shell is null ? program : ["/bin/sh", "-c", shell, arguments[1], .. program];
        ProcessStartInfo start = new(whole[0], whole[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";

        // The double mapping of code is a file too, which a limit of file sizes would hit.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(start)!;
    }

    public static int Run(string[] args)
    {
        switch (args[0])
        {
            case "loop":
                Loop(args[1]);
                return 0;
            case "wall":
                return Wall(args[1]);
            default:
                return 9;
        }
    }

    public static (Parameter Weights, Optimizer Optimizer) New(int length)
    {
        Parameter weights = Parameter.Create(length, "weights");
        return (weights, new Adamax([weights], new AdamaxOptions { Backend = new BackendSelection(BackendKind.Managed) }));
    }

    /// <summary>Everything is the step's number, so that a checkpoint of two steps would be seen.</summary>
    public static void SetStep(Parameter weights, Optimizer optimizer, long step)
    {
        weights.Weights.Fill(step);
        ParameterState state = optimizer.State(weights);
        state.FirstMoment.Fill(step);
        state.SecondMoment.Fill(step);
        optimizer.StepCount = state.UpdateCount = step;
    }

    /// <summary>The step, if everything is of one.</summary>
    public static long StepOf(Parameter weights, Optimizer optimizer)
    {
        ParameterState state = optimizer.State(weights);
        Assert.Equal(-1, weights.Weights.IndexOfAnyExcept(optimizer.StepCount));
        Assert.Equal(-1, state.FirstMoment.IndexOfAnyExcept(optimizer.StepCount));
        Assert.Equal(-1, state.SecondMoment.IndexOfAnyExcept(optimizer.StepCount));
        Assert.Equal(optimizer.StepCount, state.UpdateCount);
        return optimizer.StepCount;
    }

    private static void Loop(string folder)
    {
        (Parameter weights, Optimizer optimizer) = New(20_000);
        CheckpointFolder checkpoints = new(folder, keep: 2);
        long step = checkpoints.LoadLatest(optimizer) is null ? 0 : optimizer.StepCount;
        while (true)
        {
            SetStep(weights, optimizer, ++step);
            checkpoints.Save(optimizer);
            optimizer.Save(Path.Combine(folder, SingleName));
            Console.WriteLine(step.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>One checkpoint that fits, and a larger one in its place that does not; says what happened.</summary>
    private static int Wall(string folder)
    {
        string file = Path.Combine(folder, SingleName);
        (Parameter weights, Optimizer optimizer) = New(1000);
        if (!File.Exists(file))
        {
            SetStep(weights, optimizer, 3);
            optimizer.Save(file);
        }

        (_, Optimizer large) = New(200_000);
        try
        {
            large.Save(file);
            Console.WriteLine("saved");
            return 1;
        }
        catch (Exception e)
        {
            Console.WriteLine($"{e.GetType().Name}: {e.Message}");
        }

        optimizer.Load(file);
        Console.WriteLine($"step {StepOf(weights, optimizer)}, files {string.Join(' ', Directory.GetFiles(folder).Select(Path.GetFileName))}");
        return 0;
    }
}
