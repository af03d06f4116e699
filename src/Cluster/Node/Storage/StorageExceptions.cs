namespace Quorate.Node.Storage;

/// <summary>Something on disk cannot be used. The message is one line that names the path and what to do.</summary>
public class StorageException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The directory is not one that this node may or can use: a matter of configuration, nothing in it is wrong.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null) : StorageException(message, inner);

/// <summary>The log is damaged before its tail: what was promised to others is gone, so the node must not start on it.</summary>
/// <param name="file">The damaged file, or the one that is missing.</param>
/// <param name="offset">Where the damage begins, in bytes from the start of <paramref name="file"/>.</param>
public sealed class WalCorruptedException(string file, long offset, string what)
    : StorageException($"{file} is damaged at offset {offset}: {what}. Restore the directory from a backup, or remove the node and let it join anew.")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;
}

/// <summary>
/// A write or fsync of the log failed. What the disk holds is unknown from here on (a second fsync may report success for pages
/// that the first one lost), so the log refuses everything until it is opened again.
/// </summary>
public sealed class WalFailedException(string file, Exception inner)
    : StorageException($"writing {file} failed: {inner.Message} The node stops; check the disk before starting it again.", inner);

/// <summary>
/// There is no space for what was to be written. Nothing of it counts, nothing before it is lost; it stays buffered, and
/// <see cref="WriteAheadLog.Flush"/> may be called again when there is space.
/// </summary>
public sealed class WalDiskFullException(string file, Exception? inner)
    : StorageException($"no space left on the disk of {file}. Free space there; the log goes on by itself.", inner);
