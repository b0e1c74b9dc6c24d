using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>A step, or for a replay some steps: the rows, and which of the streams that may be there are.</summary>
/// <param name="Name">What is special about the first row and the streams.</param>
/// <param name="Rows">The rows of the job; those that are not the tensor's make NaN of all that they touch.</param>
/// <param name="Steps">Rows that a replay takes, from <see cref="FirstRow"/> on.</param>
/// <param name="Streams">The streams that are there, of those that an op takes.</param>
internal sealed record StepCase(string Name, NaScalars[] Rows, uint Steps, StreamSet Streams)
{
    public const int FirstRow = 1;
    public const int MostSteps = 4;

    private static readonly NaScalars Foreign = new()
    {
        grad_scale = float.NaN,
        clip = float.NaN,
        l2 = float.NaN,
        c1 = float.NaN,
        c2 = float.NaN,
        eps = float.NaN,
        lambda = float.NaN,
        step = float.NaN,
        ema = float.NaN,
    };

    /// <summary>All cases, their replays going on with the rows of the cases that follow.</summary>
    /// <param name="turn">Rotates the number of steps, so that every case meets every number.</param>
    public static IEnumerable<StepCase> All(int turn)
    {
        var options = StepOptions.All;
        for (int i = 0; i < options.Count; ++i)
        {
            NaScalars[] rows = new NaScalars[FirstRow + MostSteps + 1];
            rows.AsSpan().Fill(Foreign);
            for (int j = 0; j < MostSteps; ++j)
                rows[FirstRow + j] = options[(i + j) % options.Count].Scalars.ToNative();
            uint steps = (uint)((i + turn) % (MostSteps + 1));
            yield return new StepCase(options[i].Name, rows, steps, options[i].Streams);
        }
    }
}
