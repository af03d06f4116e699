namespace Quorate.Node.Storage;

/// <summary>What <see cref="WriteAheadLog"/> asks of a disk. <see cref="DiskFiles"/> is the real one; a test or a simulation puts its faults here.</summary>
/// <remarks>Every method throws <see cref="IOException"/> when the disk refuses; <see cref="DiskErrors"/> tells a full disk from a broken one.</remarks>
public interface IWalFiles
{
    /// <summary>Creates the directory when it is missing and holds it until the result is disposed.</summary>
    /// <exception cref="StorageException">Another process holds it, or it cannot be written.</exception>
    IDisposable Lock(string directory);

    /// <summary>Names, not paths, in no order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>A new file, or an old one emptied, whose blocks are reserved and read as zeros.</summary>
    IWalFile Create(string path, long length);

    IWalFile Open(string path);

    /// <summary>Durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Durable after <see cref="SyncDirectory"/>.</summary>
    void Delete(string path);

    void SyncDirectory(string directory);
}

/// <summary>One open file.</summary>
public interface IWalFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> as far as the file goes; the number of bytes read.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of <paramref name="data"/>, or throws having written any part of it.</summary>
    void Write(ReadOnlySpan<byte> data, long offset);

    /// <summary>Returns when everything written is on the disk.</summary>
    void Sync();
}
