using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// A file that is there whole or not at all, whenever the process or the machine stops: written under another name in
/// the same folder, flushed to the disk, renamed, and the folder flushed.
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>The ending of a file that is not complete.</summary>
    public const string Ending = ".tmp";

    private const int InvalidArgument = 22;

    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="bytes">Its length, for which room is made first.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="isAsync">Whether that may leave the caller's thread.</param>
    /// <param name="work">Until the renaming, it can be given up.</param>
    public static async Task WriteAsync(string path, long bytes, Func<Stream, Task> write, bool isAsync, Work work)
    {
        path = Path.GetFullPath(path);
        FileInfo file = new(path);
        string target = file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string folder = Path.GetDirectoryName(target) ?? target;
        string temporary = Path.Combine(
            folder, $".{Path.GetFileName(target)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Ending}");
        RemoveLeftovers(folder, Path.GetFileName(target));
        try
        {
            using (FileStream stream = Create(temporary, bytes, isAsync))
            {
                await write(stream).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            work.ThrowIfCancelled();
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Forget(temporary);
            throw;
        }

        FlushFolder(folder);
    }

    private static FileStream Create(string path, long bytes, bool isAsync) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        PreallocationSize = bytes,
        Options = isAsync ? FileOptions.Asynchronous : FileOptions.None,
    });

    /// <summary>Removes what killed writers left of files of a name pattern. One that a living writer holds stays.</summary>
    public static void RemoveLeftovers(string folder, string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(folder, $".{pattern}.????????{Ending}"))
        {
            try
            {
                // Refused while its writer has it.
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    private static void Forget(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stopped the writing is what the caller has to know.
        }
    }

    /// <summary>Without it a renaming may be lost with the power. Windows has nothing like it and needs none.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(folder, 0);
        int error = handle < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (handle >= 0)
        {
            error = Fsync(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(handle);
        }

        // Some file systems cannot flush folders and say that the argument is invalid.
        if (error is not (0 or InvalidArgument))
            throw new IOException($"The folder {folder} could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
