using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

internal static class Status
{
    /// <exception cref="InvalidOperationException">A kernel refused what the engine laid out: a defect of the engine.</exception>
    public static void Check(int status)
    {
        if (status != NativeMethods.NA_OK)
            throw new InvalidOperationException($"The kernel refused a job of its own engine with status {status}.");
    }
}
