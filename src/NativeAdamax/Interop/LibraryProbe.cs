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
                : $"The native library has ABI version {version}, and this assembly needs {NativeMethods.NA_ABI_VERSION}.";
        }
        catch (DllNotFoundException e)
        {
            return $"The native library was not found or could not be loaded. {Line(e.Message)}";
        }
        catch (BadImageFormatException e)
        {
            return $"The native library is not one that this process can load. {Line(e.Message)}";
        }
        catch (EntryPointNotFoundException e)
        {
            return $"The native library lacks a function. {Line(e.Message)}";
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
            NativeMethods.na_ema_f32(null),
            NativeMethods.na_accumulate_f32(null),
            NativeMethods.na_sum_squares_f32(null, null, 0),
            NativeMethods.na_first_nonfinite_f32(null, null, null),
        ];
        return answers.ContainsAnyExcept(NativeMethods.NA_ERROR_NULL)
            ? "The native library does not answer as its header says."
            : null;
    }

    /// <summary>A loader's message as one line: it may hold one for every place it looked at.</summary>
    private static string Line(string message) => string.Join(' ', message.Split(
        (char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
