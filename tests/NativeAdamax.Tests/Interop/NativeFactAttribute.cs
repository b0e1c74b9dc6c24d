namespace NativeAdamax.Tests.Interop;

/// <summary>A test of the native library that was built; skipped where there is none beside the tests.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
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
