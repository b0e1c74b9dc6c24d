using System.IO.MemoryMappedFiles;

namespace NativeAdamax.Engine;

/// <summary>Zeroed memory for state, somewhere.</summary>
internal unsafe interface IStateMemory : IDisposable
{
    /// <summary>Aligned to cache lines.</summary>
    byte* Pointer { get; }
}

/// <summary>
/// Zeroed memory in a file, which the system writes out where memory is short. The file has no name, or one that goes
/// with the process: nothing is left of it.
/// </summary>
internal sealed unsafe class MappedMemory : IStateMemory
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _pointer;
    private bool _disposed;

    /// <exception cref="IOException">The folder is missing, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public MappedMemory(string folder, nuint bytes)
    {
        long length = checked((long)(bytes == 0 ? 1 : bytes));
        string path = Path.Combine(folder, $".native-adamax-{Guid.NewGuid():n}.state");

        // All of it now: a hole that cannot be filled later would end the process.
        _stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            PreallocationSize = length,
            BufferSize = 0,
        });
        try
        {
            _stream.SetLength(length);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            _file = MemoryMappedFile.CreateFromFile(
                _stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, length);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        }
        catch
        {
            _view?.Dispose();
            _file?.Dispose();
            _stream.Dispose();
            throw;
        }
    }

    public byte* Pointer => _pointer;

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _stream.Dispose();
    }
}
