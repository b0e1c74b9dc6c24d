using NativeAdamax.Tests.Checkpoints;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Engine;

/// <summary>State in a mapped file: the same bits, and nothing left of the file.</summary>
public sealed class MappedStateTests
{
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AStateInAFileHasTheSameBitsAsOneInMemory(BackendSelection backend)
    {
        using TemporaryFolder folder = new();
        AdamOptions options = new()
        {
            Dialect = Dialect.PyTorch,
            AmsGrad = true,
            AccumulationSteps = 2,
            Ema = new EmaOptions(),
            Backend = backend,
            MaxDegreeOfParallelism = 3,
        };
        using Run memory = new Run(options, [600_001, 5, 0, 70_000]).Call(4);
        using (Run file = new Run(
            options with { StateStorage = StateStorage.MemoryMapped(folder.Path) }, [600_001, 5, 0, 70_000]).Call(4))
        {
            memory.AssertSame(file, $"{backend}");
            using Run again = new(options with { StateStorage = StateStorage.MemoryMapped(folder.Path) }, [600_001, 5, 0, 70_000], 9);
            again.Load(memory.Save());
            memory.AssertSame(again, "loaded into a file");
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public unsafe void StreamsInAFileAreAlignedAndStaggered()
    {
        using TemporaryFolder folder = new();
        using Run run = new(new AdamOptions { StateStorage = StateStorage.MemoryMapped(folder.Path) }, [100, 7]);
        if (!OperatingSystem.IsWindows())
            Assert.Empty(folder.Names);
        fixed (float* m = run.Optimizer.State(run.Parameters[0]).FirstMoment, v = run.Optimizer.State(run.Parameters[0]).SecondMoment,
            other = run.Optimizer.State(run.Parameters[1]).FirstMoment)
        {
            Assert.Equal((0, 0, 0), ((nint)m % 64, (nint)v % 64, (nint)other % 64));
            Assert.Equal(640, ((nint)v - (nint)m) % 4096);
        }

        Assert.Equal(-1, run.Optimizer.State(run.Parameters[0]).SecondMoment.IndexOfAnyExcept(0));
    }

    [Fact]
    public void AGroupThatJoinsTakesTheStateToAnotherFile()
    {
        using TemporaryFolder folder = new();
        AdamaxOptions options = new() { StateStorage = StateStorage.MemoryMapped(folder.Path), Ema = new EmaOptions() };
        using Run run = new(p => new Adamax([new ParameterGroup(p[..1])], options), [50, 3]);
        using Run memory = new(p => new Adamax([new ParameterGroup(p[..1])], options with { StateStorage = null }), [50, 3]);
        foreach (Run each in new[] { run, memory })
        {
            each.Call(2).Optimizer.AddGroup(new ParameterGroup(each.Parameters[1..]));
            each.Call(2);
        }

        memory.AssertSame(run, "with a group that joined");
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<DirectoryNotFoundException>(() => StateStorage.MemoryMapped(folder.File("missing")));
        Assert.Throws<ArgumentException>("folder", () => StateStorage.MemoryMapped(""));
        StateStorage storage = StateStorage.MemoryMapped(folder.Path);
        Assert.Equal(storage, StateStorage.MemoryMapped(folder.Path));
        using Parameter w = Parameter.Create(Training.Numbers(1, 4));
        using Adam optimizer = new([w], new AdamOptions { StateStorage = storage });
        Assert.Throws<ArgumentException>(
            "StateStorage", () => optimizer.SetOptions((AdamOptions)optimizer.Options with { StateStorage = StateStorage.Memory }));
        Directory.Delete(folder.Path);
        try
        {
            Assert.Throws<DirectoryNotFoundException>(() => new Adam([w], new AdamOptions { StateStorage = storage }));
        }
        finally
        {
            Directory.CreateDirectory(folder.Path);
        }
    }
}
