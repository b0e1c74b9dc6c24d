using BenchmarkDotNet.Running;
using NativeAdamax.Benchmarks;
using NativeAdamax.Benchmarks.Report;

// steps: only what a step adds to the kernel, and when a second thread pays.
if (args is ["steps"])
{
    Console.WriteLine($"{Machine.Description}\n\n{StepSections.Calls()}\n{StepSections.Threads()}");
    return;
}

// packed: only the managed backend over packed streams.
if (args is ["packed"])
{
    Console.WriteLine($"{Machine.Description}\n\n{PrecisionSection.Managed()}");
    return;
}

// quick FOLDER README [--native FILE] [--peers FILE]: the selection of build.sh bench. Anything else goes to BenchmarkDotNet.
if (args is not ["quick", string folder, string readme, .. string[] rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(AdamBenchmarks).Assembly).Run(args);
    return;
}

string? native = null, peers = null;
for (int i = 0; i + 1 < rest.Length; i += 2)
{
    switch (rest[i])
    {
        case "--native":
            native = rest[i + 1];
            break;
        case "--peers":
            peers = rest[i + 1];
            break;
        default:
            throw new ArgumentException($"There is no option {rest[i]}.");
    }
}

new QuickReport(folder, native, peers).Write(readme);
