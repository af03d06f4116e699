using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Storage;

/// <summary>
/// The snapshots of one Raft group. A snapshot exists once it is whole and durable under its final name; the last two are kept,
/// so that damage to the newest costs time and not the state.
/// </summary>
/// <remarks>Thread-safe, except that one thread at a time receives and each writer or reader belongs to one thread.</remarks>
public sealed partial class SnapshotStore : IDisposable
{
    /// <summary>Number of snapshots kept.</summary>
    public const int Kept = 2;

    private readonly string _directory;
    private readonly GroupId _group;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly List<SnapshotFile> _files = [];

    /// <summary>Opens the store in a directory, which is created when it is missing. Unfinished files are removed.</summary>
    /// <exception cref="StorageException">The directory cannot be read or written.</exception>
    public SnapshotStore(string directory, GroupId group, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _group = group;
        _logger = logger;
        DurableFile.CreateDirectory(_directory);
        Guarded(_directory, Scan);
    }

    /// <summary>The newest snapshot; null when there is none.</summary>
    public SnapshotMeta? Latest
    {
        get
        {
            lock (_gate)
            {
                return _files.Count > 0 ? _files[^1].Meta : null;
            }
        }
    }

    /// <summary>Up to here the log may be compacted: the older kept snapshot covers it. 0 until there are two.</summary>
    public LogIndex CompactableIndex
    {
        get
        {
            lock (_gate)
            {
                return _files.Count >= Kept ? _files[^Kept].Meta.Index : LogIndex.Zero;
            }
        }
    }

    /// <summary>Size of the newest snapshot's file in bytes; 0 when there is none.</summary>
    public long LatestBytes
    {
        get
        {
            lock (_gate)
            {
                return _files.Count > 0 ? _files[^1].Length : 0;
            }
        }
    }

    /// <summary>Starts a snapshot of the state after applying <c>meta.Index</c>.</summary>
    /// <exception cref="StorageException">The disk refuses.</exception>
    public SnapshotWriter Begin(SnapshotMeta meta)
    {
        var path = Path.Combine(_directory, $"taking-{meta.Index}{SnapshotFormat.TemporaryExtension}");
        return Guarded(path, () => new SnapshotWriter(this, _group, meta, path));
    }

    /// <summary>
    /// Opens the newest undamaged snapshot; every checksum of it has been verified. A damaged one is set aside with a log line.
    /// Null when there is none.
    /// </summary>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public SnapshotReader? TryOpenLatest()
    {
        while (true)
        {
            SnapshotFile file;
            lock (_gate)
            {
                if (_files.Count == 0)
                {
                    return null;
                }

                file = _files[^1];
            }

            if (Guarded(file.Path, () => TryOpen(file)) is { } reader)
            {
                return reader;
            }
        }
    }

    /// <summary>Reads a piece of a snapshot's file, to send it to a follower.</summary>
    /// <param name="maxLength">At most this many bytes.</param>
    /// <returns>Null when this snapshot is no longer kept, or <paramref name="offset"/> is beyond its end: begin anew with the latest.</returns>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public SnapshotPart? ReadChunk(SnapshotMeta meta, long offset, int maxLength)
    {
        SnapshotFile? file;
        lock (_gate)
        {
            file = _files.Find(candidate => candidate.Meta.Index == meta.Index && candidate.Meta.Term == meta.Term);
        }

        if (file is null || offset < 0 || offset > file.Length)
        {
            return null;
        }

        var data = new byte[(int)Math.Min(maxLength, file.Length - offset)];
        try
        {
            using var handle = File.OpenHandle(file.Path);
            var read = 0;
            while (read < data.Length)
            {
                var count = RandomAccess.Read(handle, data.AsSpan(read), offset + read);
                if (count == 0)
                {
                    throw new StorageException($"{file.Path} is shorter than it was.");
                }

                read += count;
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not StorageException)
        {
            throw Refused(file.Path, e);
        }

        return new SnapshotPart(data, offset + data.Length == file.Length);
    }

    public void Dispose() => AbandonReceived();

    /// <summary>Gives a finished, durable file its name and forgets what is older than the one before it.</summary>
    internal void Accept(SnapshotMeta meta, string temporary, long length)
    {
        var path = Path.Combine(_directory, SnapshotFormat.NameOf(meta));
        Guarded(path, () => DurableFile.Rename(temporary, path));
        List<SnapshotFile> old;
        lock (_gate)
        {
            _files.RemoveAll(file => file.Path == path);
            _files.Add(new SnapshotFile(meta, path, length));
            _files.Sort((a, b) => a.Meta.Index.CompareTo(b.Meta.Index));
            old = _files[..Math.Max(0, _files.Count - Kept)];
            _files.RemoveRange(0, old.Count);
        }

        StorageLog.SnapshotCommitted(_logger, meta.Index.Value, length);
        foreach (var file in old)
        {
            Delete(file.Path);
        }
    }

    internal static StorageException Refused(string path, Exception cause) => new(
        DiskErrors.IsDiskFull(cause)
            ? $"no space left on the disk of {path}. Free space there; snapshots go on by themselves."
            : $"cannot use {path}: {cause.Message} Check its owner, permissions and disk.",
        cause);

    internal static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not StorageException)
        {
            throw Refused(path, e);
        }
    }

    internal static void Guarded(string path, Action action) => Guarded(path, () =>
    {
        action();
        return true;
    });

    private void Scan()
    {
        foreach (var path in Directory.EnumerateFiles(_directory).ToList())
        {
            if (Path.GetExtension(path) == SnapshotFormat.TemporaryExtension)
            {
                File.Delete(path);
            }
            else if (Path.GetExtension(path) == SnapshotFormat.Extension)
            {
                Add(path);
            }
        }

        _files.Sort((a, b) => a.Meta.Index.CompareTo(b.Meta.Index));
    }

    private void Add(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var header = SnapshotFormat.ReadHeader(file);
            if (header.Group != _group)
            {
                throw new StorageException($"{path} belongs to group {header.Group}, not to group {_group}. Check the data directory.");
            }

            _files.Add(new SnapshotFile(header.Meta, path, file.Length));
        }
        catch (FormatException e)
        {
            SetAside(path, e.Message);
        }
    }

    private SnapshotReader? TryOpen(SnapshotFile file)
    {
        try
        {
            using (var check = new SnapshotReader(File.OpenRead(file.Path)))
            {
                check.Verify();
            }

            return new SnapshotReader(new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, SnapshotFormat.BlockBytes));
        }
        catch (FormatException e)
        {
            lock (_gate)
            {
                _files.Remove(file);
            }

            SetAside(file.Path, e.Message);
            return null;
        }
    }

    private void SetAside(string path, string reason)
    {
        StorageLog.SnapshotDamaged(_logger, path, reason);
        DurableFile.Rename(path, path + SnapshotFormat.DamagedExtension);
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StorageLog.SnapshotNotDeleted(_logger, path, e);
        }
    }

    private sealed record SnapshotFile(SnapshotMeta Meta, string Path, long Length);
}

/// <summary>A piece of a snapshot's file.</summary>
/// <param name="Done">It is the last one.</param>
public readonly record struct SnapshotPart(ReadOnlyMemory<byte> Data, bool Done);
