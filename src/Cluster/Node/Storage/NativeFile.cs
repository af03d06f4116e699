using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quorate.Node.Storage;

/// <summary>
/// The calls that .NET does not offer: fdatasync, which leaves out metadata such as the time of the last change and is
/// therefore cheaper than fsync on a preallocated file; posix_fallocate; and fsync of a directory.
/// </summary>
internal static partial class NativeFile
{
    private const int Interrupted = 4;
    private const int NotSupportedLinux = 95;
    private const int InvalidArgument = 22;
    private const int ReadOnly = 0;
    private const uint StartWrite = 2;

    /// <summary>Makes the contents durable.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        while (FDataSync(handle) != 0)
        {
            ThrowUnlessInterrupted("fdatasync", path);
        }
    }

    /// <summary>Lets the disk begin with what was written, without waiting for it and without a promise.</summary>
    public static void BeginWriteback(SafeFileHandle handle, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(handle, offset, length, StartWrite);
        }
    }

    /// <summary>Reserves blocks, so that a later write inside <paramref name="length"/> cannot run out of space.</summary>
    public static void Allocate(SafeFileHandle handle, string path, long length)
    {
        int error;
        do
        {
            error = OperatingSystem.IsLinux() ? PosixFAllocate(handle, 0, length) : NotSupportedLinux;
        }
        while (error == Interrupted);

        if (error is NotSupportedLinux or InvalidArgument)
        {
            WriteZeros(handle, length);
        }
        else if (error != 0)
        {
            throw ErrorOf("posix_fallocate", path, error);
        }
    }

    /// <summary>Makes names in a directory durable. Windows journals them by itself.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw ErrorOf("open", directory, Marshal.GetLastPInvokeError());
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (FSync(handle) != 0)
        {
            ThrowUnlessInterrupted("fsync", directory);
        }
    }

    private static void WriteZeros(SafeFileHandle handle, long length)
    {
        var zeros = new byte[1 << 20];
        for (long offset = 0; offset < length; offset += zeros.Length)
        {
            RandomAccess.Write(handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)), offset);
        }
    }

    private static void ThrowUnlessInterrupted(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw ErrorOf(call, path, error);
        }
    }

    private static IOException ErrorOf(string call, string path, int error) =>
        new($"{call} of {path}: {new Win32Exception(error).Message}.", error);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFAllocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
