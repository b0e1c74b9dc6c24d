using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>Files, streams, sync and async, progress, giving up, and who else may call meanwhile.</summary>
public sealed class SaveAndLoadTests
{
    [Fact]
    public async Task EveryWayOutAndInGivesTheSame()
    {
        using TemporaryFolder folder = new();
        using Run run = new Run(new AdamOptions { AmsGrad = true }, [70_000, 3]).Call(2);
        byte[] expected = run.Save();
        string file = folder.File("a");
        run.Optimizer.Save(file);
        Assert.Equal(expected, File.ReadAllBytes(file));
        await run.Optimizer.SaveAsync(file);
        Assert.Equal(expected, File.ReadAllBytes(file));
        MemoryStream stream = new();
        stream.WriteByte(7);
        await run.Optimizer.SaveAsync(stream);
        Assert.Equal(expected, stream.ToArray()[1..]);

        stream.Write([1, 2, 3]);
        stream.Position = 1;
        OneWay first = new([.. expected, 1, 2, 3]), second = new([.. expected, 1, 2, 3]);
        foreach (Func<Optimizer, Task<LoadReport>> load in new Func<Optimizer, Task<LoadReport>>[]
        {
            o => Task.FromResult(o.Load(file)),
            o => o.LoadAsync(file),
            o => Task.FromResult(o.Load(stream)),
            o => { stream.Position = 1; return o.LoadAsync(stream); },
            o => Task.FromResult(o.Load(first)),
            o => o.LoadAsync(second),
        })
        {
            using Run other = new(new AdamOptions { AmsGrad = true }, [70_000, 3], 9);
            Assert.True((await load(other.Optimizer)).IsComplete);
            run.AssertSame(other, "another way");
        }

        Assert.Equal((3, 3, expected.Length + 1L), (first.Left, second.Left, stream.Position));
    }

    [Fact]
    public async Task ALoadThatIsGivenUpChangesNothing()
    {
        using TemporaryFolder folder = new();
        using Run run = new Run(new AdamOptions(), [2_000_000]).Call();
        run.Optimizer.Save(folder.File("a"));
        byte[] bytes = File.ReadAllBytes(folder.File("a"));
        using Run other = new(new AdamOptions(), [2_000_000], 9);
        byte[] before = other.Save();
        foreach (int at in new[] { 1, 30_000_000 })
        {
            CancellationTokenSource source = new();
            Told cancel = new(p => { if (p.BytesDone >= at) source.Cancel(); });
            Assert.ThrowsAny<OperationCanceledException>(
                () => other.Optimizer.Load(new MemoryStream(bytes), null, cancel, source.Token));
            source = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => other.Optimizer.LoadAsync(new OneWay(bytes), null, cancel, source.Token));
            if (at > 24_000_000)
                continue;
            source = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => other.Optimizer.LoadAsync(folder.File("a"), null, cancel, source.Token));
        }

        Assert.Equal(before, other.Save());
    }

    [Fact]
    public void ProgressEndsAtItsTotal()
    {
        using TemporaryFolder folder = new();
        using Run run = new Run(new AdamOptions(), [1_000_000, 2]).Call();
        List<CheckpointProgress> told = [];
        Told progress = new(told.Add);
        run.Optimizer.Save(folder.File("a"), null, progress);
        AssertDone();
        run.Optimizer.Load(folder.File("a"), null, progress);
        AssertDone();
        run.Optimizer.Load(new MemoryStream(run.Save()), null, progress);
        AssertDone();

        void AssertDone()
        {
            Assert.True(told.Count >= 10);
            Assert.Equal(24_000_000 + 2 * 24 + 2 * 16L, told.Max(p => p.BytesDone));
            Assert.All(told, p => Assert.Equal(24_000_000 + 2 * 24 + 2 * 16L, p.BytesTotal));
            told.Clear();
        }
    }

    [Fact]
    public async Task OtherCallsAreRefusedUntilItIsDone()
    {
        using Run run = new Run(new AdamOptions(), [300_000]).Call();
        int refused = 0;
        Told tells = new(_ =>
        {
            Assert.Throws<InvalidOperationException>(() => run.Optimizer.Step());
            Assert.Throws<InvalidOperationException>(() => run.Optimizer.Save(new MemoryStream()));
            Assert.Throws<InvalidOperationException>(() => run.Optimizer.Dispose());
            refused++;
        });
        MemoryStream stream = new();
        await run.Optimizer.SaveAsync(stream, null, tells);
        stream.Position = 0;
        await run.Optimizer.LoadAsync(stream, null, tells);
        Assert.True(refused >= 4);
        run.Call();
    }

    [Fact]
    public void ASwappedAverageOrADisposedParameterIsRefused()
    {
        using Run run = new Run(new AdamOptions { Ema = new EmaOptions() }, [4, 2]).Call();
        byte[] saved = run.Save();
        using (run.Optimizer.Ema!.Swap())
        {
            Assert.Throws<InvalidOperationException>(() => run.Save());
            Assert.Throws<InvalidOperationException>(() => run.Load(saved));
        }

        Assert.Equal(saved, run.Save());
        using WeightEma foreign = new(run.Parameters);
        foreign.Update();
        using (foreign.Swap())
            Assert.Throws<InvalidOperationException>(() => run.Save());
        run.Parameters[0].Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Save());
        run.Optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Load(saved));
    }

    [Fact]
    public void ALinkIsFollowedAndStays()
    {
        using TemporaryFolder folder = new();
        using Run run = new(new AdamOptions(), [4]);
        run.Optimizer.Save(folder.File("target"));
        try
        {
            File.CreateSymbolicLink(folder.File("link"), folder.File("target"));
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            return; // Windows lets administrators only make links.
        }

        run.Call().Optimizer.Save(folder.File("link"));
        Assert.Equal(run.Save(), File.ReadAllBytes(folder.File("target")));
        Assert.NotNull(new FileInfo(folder.File("link")).LinkTarget);
        using Run other = new(new AdamOptions(), [4], 9);
        other.Optimizer.Load(folder.File("link"));
        run.AssertSame(other, "through a link");
    }

    [Fact]
    public async Task NullsAreRefused()
    {
        using Run run = new(new AdamOptions(), [4]);
        Assert.Throws<ArgumentNullException>("stream", () => run.Optimizer.Save((Stream)null!));
        Assert.Throws<ArgumentNullException>("stream", () => run.Optimizer.Load((Stream)null!));
        Assert.Throws<ArgumentNullException>("path", () => run.Optimizer.Load((string)null!));
        await Assert.ThrowsAsync<ArgumentNullException>("stream", () => run.Optimizer.SaveAsync((Stream)null!));
        await Assert.ThrowsAsync<ArgumentNullException>("stream", () => run.Optimizer.LoadAsync((Stream)null!));
    }
}
