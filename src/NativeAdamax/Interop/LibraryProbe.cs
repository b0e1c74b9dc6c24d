namespace NativeAdamax.Interop;

/// <summary>
/// One try to load the native library by the runtime's own probing. A failure is a sentence that says why; everything
/// that <see cref="NativeMethods"/> declares has been called once where there is none.
/// </summary>
internal sealed unsafe record LibraryProbe(string? Failure, string? File)
{
    private static readonly Lazy<LibraryProbe> Once = new(Try);

    /// <summary>The probe of this process.</summary>
    public static LibraryProbe Result => Once.Value;

    private static LibraryProbe Try()
    {
        string? failure = FindFailure();
        return new LibraryProbe(failure, failure is null ? LoadedFile.Find() : null);
    }

    private static string? FindFailure()
    {
        try
        {
            uint version = NativeMethods.na_abi_version();
            return version == NativeMethods.NA_ABI_VERSION
                ? CallAll()
                : $"{Library()} has ABI version {version}, and this assembly needs {NativeMethods.NA_ABI_VERSION}.";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return LibraryFile.WhyNotLoaded(e.Message);
        }
        catch (EntryPointNotFoundException e)
        {
            return $"{Library()} lacks a function. {e.Message}";
        }
    }

    /// <summary>Every function answers a null pointer with a status; a function that is not there throws.</summary>
    private static string? CallAll()
    {
        Span<int> answers =
        [
            NativeMethods.na_layout(null, null),
            NativeMethods.na_kernels_open(NativeMethods.NA_ISA_BEST, null),
            NativeMethods.na_kernels_isa(null, null),
            NativeMethods.na_adam_f32(null),
            NativeMethods.na_adamax_f32(null),
            NativeMethods.na_adam_replay_f32(null),
            NativeMethods.na_adamax_replay_f32(null),
            NativeMethods.na_ema_f32(null),
            NativeMethods.na_accumulate_f32(null),
            NativeMethods.na_copy_f32(null),
            NativeMethods.na_sum_squares_f32(null, null, 0),
            NativeMethods.na_first_nonfinite_f32(null, null, null),
        ];
        return answers.ContainsAnyExcept(NativeMethods.NA_ERROR_NULL)
            ? $"{Library()} does not answer as its header says."
            : null;
    }

    private static string Library() =>
        LoadedFile.Find() is { } file ? $"The native library {file}" : "The native library";
}
