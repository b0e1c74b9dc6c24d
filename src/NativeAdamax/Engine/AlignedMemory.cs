using System.Runtime.InteropServices;

namespace NativeAdamax.Engine;

/// <summary>Zeroed memory outside the garbage collector's heap, aligned to cache lines, or to huge pages if it is large.</summary>
internal sealed unsafe partial class AlignedMemory : SafeHandle, IStateMemory
{
    public const nuint Line = 64;

    /// <summary>
    /// Streams that a kernel reads side by side start this many bytes apart modulo 4096. At equal distances a load
    /// waits for the store before it, up to 2.25 times slower.
    /// </summary>
    private const nuint Stagger = 640;

    private const nuint Page = 4096, HugePage = 2 << 20;
    private const int MadviseHugePage = 14;

    private AlignedMemory(nuint bytes)
        : base(0, true)
    {
        nuint alignment = bytes >= HugePage ? HugePage : Line;
        nuint whole = RoundUp(bytes == 0 ? 1 : bytes, alignment);
        SetHandle((nint)NativeMemory.AlignedAlloc(whole, alignment));
        if (alignment == HugePage && OperatingSystem.IsLinux())
            AdviseHugePages(whole);
        NativeMemory.Clear((void*)handle, whole);
    }

    public override bool IsInvalid => handle == 0;

    public byte* Pointer => (byte*)handle;

    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static AlignedMemory Allocate(nuint bytes) => new(bytes);

    /// <summary>
    /// Bytes between the end of a stream's last page and the stream that is read beside it. Large streams start a page
    /// further each: at memory those that differ in nothing above their lowest bits wait for the same banks, a quarter slower.
    /// </summary>
    /// <param name="bytes">Of one stream.</param>
    public static nuint StaggerOf(nuint bytes) => bytes >= HugePage ? Page + Stagger : Stagger;

    public static nuint RoundUp(nuint value, nuint multiple) => checked(value + multiple - 1) / multiple * multiple;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    /// <summary>A hint: first touch is several times cheaper with huge pages. Without them all is the same but slower.</summary>
    private void AdviseHugePages(nuint bytes)
    {
        try
        {
            _ = Madvise((void*)handle, bytes, MadviseHugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
