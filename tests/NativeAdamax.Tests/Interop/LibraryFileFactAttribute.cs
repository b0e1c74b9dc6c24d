namespace NativeAdamax.Tests.Interop;

/// <summary>
/// A test of the library file beside the tests, skipped only where there is none: a library that is there and does not
/// load, or has not what the bindings import, is the drift that these tests are for.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LibraryFileFactAttribute : FactAttribute
{
    public LibraryFileFactAttribute()
    {
        if (!File.Exists(LibraryFile))
            Skip = $"no {Path.GetFileName(LibraryFile)} beside the tests: ./build.sh native, then build the tests again";
    }

    /// <summary>Where the build puts the library, and the runtime looks for it first.</summary>
    public static string LibraryFile { get; } = Path.Combine(AppContext.BaseDirectory, FileName);

    private static string FileName =>
        OperatingSystem.IsWindows() ? "native_adamax.dll"
        : OperatingSystem.IsMacOS() ? "libnative_adamax.dylib"
        : "libnative_adamax.so";
}
