using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeAdamax.Interop;

/// <summary>Where the loaded native library lies: asked of the system's loader, which alone knows.</summary>
internal static unsafe partial class LoadedFile
{
    /// <summary>The path; null where the loader does not tell (a library linked into the program has none).</summary>
    public static string? Find()
    {
        try
        {
            // The same name and assembly as the imports, so the same probing; the library is loaded already.
            if (!NativeLibrary.TryLoad("native_adamax", typeof(LoadedFile).Assembly, null, out nint library))
                return null;

            if (OperatingSystem.IsWindows())
                return ModuleFile(library);

            const string export = nameof(NativeMethods.na_abi_version);
            return NativeLibrary.TryGetExport(library, export, out nint address) ? FileOf(address) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static string? ModuleFile(nint library)
    {
        const int longest = 32767;
        char[] name = new char[longest];
        fixed (char* start = name)
        {
            uint length = GetModuleFileNameW(library, start, longest);
            return length is 0 or >= longest ? null : new string(name, 0, (int)length);
        }
    }

    private static string? FileOf(nint address)
    {
        DlInfo info;
        int found;
        try
        {
            found = DlAddr(address, &info);
        }
        catch (EntryPointNotFoundException)
        {
            found = DlAddrBeforeGlibc234(address, &info);
        }

        return found == 0 ? null : Marshal.PtrToStringUTF8((nint)info.FileName);
    }

    /// <summary>Dl_info of dlfcn.h.</summary>
    private struct DlInfo
    {
        public byte* FileName;
        public void* FileBase;
        public byte* SymbolName;
        public void* SymbolAddress;
    }

    [LibraryImport("libc", EntryPoint = "dladdr")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int DlAddr(nint address, DlInfo* info);

    [LibraryImport("libdl.so.2", EntryPoint = "dladdr")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int DlAddrBeforeGlibc234(nint address, DlInfo* info);

    [LibraryImport("kernel32")]
    private static partial uint GetModuleFileNameW(nint module, char* fileName, uint size);
}
