using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Checkpoints;

public sealed class CheckpointFolderTests
{
    [Fact]
    public async Task TheLastOnesStayAndTheNewestIsLoaded()
    {
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Path, keep: 2);
        using Run run = new(new AdamOptions(), [4]);
        Assert.Null(checkpoints.LoadLatest(run.Optimizer));
        File.WriteAllText(folder.File("checkpoint-notes.safetensors"), "");
        File.WriteAllText(folder.File("other-000000000001.safetensors"), "");
        for (int i = 0; i < 4; i++)
        {
            run.Call();
            string file = i % 2 == 0 ? checkpoints.Save(run.Optimizer) : await checkpoints.SaveAsync(run.Optimizer);
            Assert.Equal(folder.File($"checkpoint-00000000000{i + 1}.safetensors"), file);
        }

        Assert.Equal(
            ["checkpoint-000000000003.safetensors", "checkpoint-000000000004.safetensors", "checkpoint-notes.safetensors",
                "other-000000000001.safetensors"],
            folder.Names);
        using Run other = new(new AdamOptions(), [4], 9);
        LoadReport report = (await checkpoints.LoadLatestAsync(other.Optimizer))!;
        Assert.Equal(checkpoints.Files[^1], report.File);
        run.AssertSame(other, "the newest");
    }

    [Fact]
    public void ADamagedFileIsPassedOverForTheOneBefore()
    {
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Path);
        using Run run = new(new AdamOptions(), [4]);
        checkpoints.Save(run.Call().Optimizer);
        byte[] first = run.Save();
        checkpoints.Save(run.Call().Optimizer);
        checkpoints.Save(run.Call().Optimizer);
        Damage(checkpoints.Files[2], -1);
        Damage(checkpoints.Files[1], 9);
        LoadReport report = checkpoints.LoadLatest(run.Optimizer)!;
        Assert.Equal([checkpoints.Files[2], checkpoints.Files[1]], report.PassedOver);
        Assert.Equal(first, run.Save());
        Damage(checkpoints.Files[0], -1);
        Assert.Throws<CheckpointFormatException>(() => checkpoints.LoadLatest(run.Optimizer));
        Assert.Equal(first, run.Save());
    }

    [Fact]
    public void WhatDoesNotFitIsNotPassedOver()
    {
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Path);
        using Run run = new Run(new AdamOptions(), [4]).Call();
        checkpoints.Save(run.Optimizer);
        using Run other = new(new AdamOptions(), [5]);
        Assert.Throws<CheckpointMismatchException>(() => checkpoints.LoadLatest(other.Optimizer));
    }

    [Fact]
    public void LeftoversOfTheDeadGoAndThoseOfTheLivingStay()
    {
        using TemporaryFolder folder = new();
        using Run run = new(new AdamOptions(), [4]);
        string dead = folder.File(".checkpoint-000000000007.safetensors.0123abcd.tmp");
        string alive = folder.File(".checkpoint-000000000008.safetensors.0123abcd.tmp");
        string stranger = folder.File(".other.safetensors.0123abcd.tmp");
        File.WriteAllText(dead, "");
        File.WriteAllText(stranger, "");
        using (new FileStream(alive, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            new CheckpointFolder(folder.Path).Save(run.Optimizer);
            Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(alive), File.Exists(stranger)));
        }

        new CheckpointFolder(folder.Path).Save(run.Optimizer);
        Assert.False(File.Exists(alive));
    }

    [Fact]
    public void TheOneJustWrittenStaysEvenIfTheRunWasSetBack()
    {
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Path, keep: 1);
        using Run run = new Run(new AdamOptions(), [4]).Call(3);
        checkpoints.Save(run.Optimizer);
        using Run again = new Run(new AdamOptions(), [4]).Call(2);
        Assert.Equal([checkpoints.Save(again.Optimizer)], checkpoints.Files);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("keep", () => new CheckpointFolder(".", 0));
        Assert.Throws<ArgumentException>("path", () => new CheckpointFolder(""));
        Assert.Throws<ArgumentException>("prefix", () => new CheckpointFolder(".", 1, "a/b"));
        Assert.Throws<ArgumentException>("prefix", () => new CheckpointFolder(".", 1, "a*"));
        Assert.Throws<ArgumentNullException>("optimizer", () => new CheckpointFolder(".").Save(null!));
    }

    private static void Damage(string file, int at)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
