using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Storage;

/// <summary>The real disk with faults put in front of it. A fault is thrown when its function returns one.</summary>
internal sealed class FaultyFiles : IWalFiles
{
    public Func<string, Exception?> OnCreate { get; set; } = _ => null;

    public Func<string, Exception?> OnSync { get; set; } = _ => null;

    /// <summary>Half of the data is written before the fault.</summary>
    public Func<string, Exception?> OnWrite { get; set; } = _ => null;

    public int Syncs { get; private set; }

    public IDisposable Lock(string directory) => DiskFiles.Instance.Lock(directory);

    public IReadOnlyList<string> List(string directory) => DiskFiles.Instance.List(directory);

    public IWalFile Create(string path, long length)
    {
        ThrowIf(OnCreate(path));
        return new FaultyFile(this, path, DiskFiles.Instance.Create(path, length));
    }

    public IWalFile Open(string path) => new FaultyFile(this, path, DiskFiles.Instance.Open(path));

    public void Rename(string from, string to) => DiskFiles.Instance.Rename(from, to);

    public void Delete(string path) => DiskFiles.Instance.Delete(path);

    public void SyncDirectory(string directory) => DiskFiles.Instance.SyncDirectory(directory);

    private static void ThrowIf(Exception? fault)
    {
        if (fault is not null)
        {
            throw fault;
        }
    }

    private sealed class FaultyFile(FaultyFiles disk, string path, IWalFile inner) : IWalFile
    {
        public long Length => inner.Length;

        public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

        public void Write(ReadOnlySpan<byte> data, long offset)
        {
            if (disk.OnWrite(path) is { } fault)
            {
                inner.Write(data[..(data.Length / 2)], offset);
                throw fault;
            }

            inner.Write(data, offset);
        }

        public void Sync()
        {
            disk.Syncs++;
            ThrowIf(disk.OnSync(path));
            inner.Sync();
        }

        public void Dispose() => inner.Dispose();
    }
}
