using Microsoft.Win32.SafeHandles;

namespace Quorate.Node.Storage;

/// <summary>The real disk.</summary>
public sealed class DiskFiles : IWalFiles
{
    public static readonly DiskFiles Instance = new();

    private DiskFiles()
    {
    }

    public IDisposable Lock(string directory) => DirectoryLock.Acquire(directory);

    public IReadOnlyList<string> List(string directory) =>
        [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];

    public IWalFile Create(string path, long length)
    {
        var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            NativeFile.Allocate(handle, path, length);
            return new DiskFile(handle, path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public IWalFile Open(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), path);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void SyncDirectory(string directory) => DurableFile.SyncDirectory(directory);

    private sealed class DiskFile(SafeFileHandle handle, string path) : IWalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset)
        {
            var total = 0;
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(handle, buffer[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }

        public void Write(ReadOnlySpan<byte> data, long offset) => RandomAccess.Write(handle, data, offset);

        public void Sync() => NativeFile.SyncData(handle, path);

        public void Dispose() => handle.Dispose();
    }
}
