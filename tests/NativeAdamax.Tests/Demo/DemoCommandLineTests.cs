namespace NativeAdamax.Tests.Demo;

[Trait("Category", "Process")]
public class DemoCommandLineTests
{
    [Theory]
    [InlineData("--epochs 0", "--epochs takes a whole number from 1 to 100000, and not '0'.")]
    [InlineData("--epochs many", "--epochs takes a whole number")]
    [InlineData("--epochs", "--epochs")]
    [InlineData("--batch 1025", "--batch takes a whole number from 1 to 1024, and not '1025'.")]
    [InlineData("--seed -1", "--seed takes a whole number")]
    [InlineData("--threads -1", "--threads takes a whole number")]
    [InlineData("--precision fp8", "--precision takes float32, gradient, moments, average,")]
    [InlineData("--precision half --seeds 2", "--seeds goes with --precision all alone.")]
    [InlineData("--precision all --seeds 0", "--seeds takes a whole number from 1 to 100, and not '0'.")]
    [InlineData("--hidden 5000", "--hidden takes a whole number from 1 to 4096, and not '5000'.")]
    [InlineData("--learning-rate NaN", "--learning-rate takes a number from 0 to 1000, and not 'NaN'.")]
    [InlineData("--learning-rate -0.1", "--learning-rate takes a number from 0 to 1000, and not '-0.1'.")]
    [InlineData("--optimizer sgd", "--optimizer takes adamax, adam, adamw, amsgrad or nadam, and not 'sgd'.")]
    [InlineData("--dialect jax", "--dialect takes keras, tfkeras, mxnet, optax or pytorch, and not 'jax'.")]
    [InlineData("--backend gpu", "'gpu' is not a backend")]
    [InlineData("--backend native:sse2", "'native:sse2' is not a backend")]
    [InlineData("--plot .", "is a directory; name a file in it.")]
    [InlineData("--no-such-option", "--no-such-option")]
    [InlineData("letters", "letters")]
    [InlineData("digits --seconds 4", "--seconds")]
    [InlineData("noise --epochs 3", "--epochs")]
    [InlineData("noise --seconds 1", "--seconds takes a whole number from 4 to 600, and not '1'.")]
    [InlineData("--seed 2 noise", "--seed must stand after 'noise'.")]
    [InlineData("schedules --steps 19", "--steps takes a whole number from 20 to 100000, and not '19'.")]
    [InlineData("schedules --epochs 3", "--epochs")]
    public void Wrong_arguments_are_named_and_end_with_code_2(string arguments, string message)
    {
        DemoOutcome outcome = DemoProcess.Run(arguments.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.ControlCharacters);
    }

    [Fact]
    public void An_instruction_set_that_is_not_there_ends_with_code_2_and_what_is_there()
    {
        string missing = Backend.Available.Any(backend => backend.Isa == Isa.Neon) ? "native:avx2" : "native:neon";

        DemoOutcome outcome = DemoProcess.Run("noise", "--backend", missing);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Available here:", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_environment_variable_ends_with_code_2()
    {
        using var process = new DemoProcess([], ("NATIVE_ADAMAX_BACKEND", "gpu"));

        DemoOutcome outcome = process.Finish();

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("NATIVE_ADAMAX_BACKEND", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "--optimizer --dialect --epochs --batch --hidden --learning-rate --precision --seeds --threads --seed")]
    [InlineData("digits --help", "--seeds --backend --plot")]
    [InlineData("noise --help", "--recordings --seconds --seed --backend --plot")]
    [InlineData("schedules --help", "--steps --plot")]
    public void Help_lists_every_option_and_ends_with_code_0(string arguments, string options)
    {
        DemoOutcome outcome = DemoProcess.Run(arguments.Split(' '));

        Assert.Equal(0, outcome.ExitCode);
        Assert.All(options.Split(' '), option => Assert.Contains(option, outcome.Output, StringComparison.Ordinal));
        Assert.Empty(outcome.ControlCharacters);
    }
}
