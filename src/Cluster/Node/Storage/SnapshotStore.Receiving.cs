using Microsoft.Win32.SafeHandles;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Storage;

public sealed partial class SnapshotStore
{
    /// <summary>Bytes between two fsyncs of what is received; see <see cref="SnapshotWriter"/>.</summary>
    private const int SyncReceivedEvery = 4 << 20;

    private Incoming? _incoming;

    /// <summary>
    /// Takes a piece of a snapshot from the leader. Pieces may come twice or after a gap; the answer says from where to go on.
    /// With the last one the whole file is verified and becomes the latest snapshot.
    /// </summary>
    /// <exception cref="StorageException">The disk refuses. What was received is given up: after a failed write or fsync nobody knows what of it is on the disk.</exception>
    public SnapshotProgress ReceiveChunk(SnapshotMeta meta, long offset, ReadOnlySpan<byte> data, bool done)
    {
        if (LengthOf(meta) is { } length)
        {
            return new SnapshotProgress(length, Installed: true);
        }

        if (_incoming is null || _incoming.Meta != meta)
        {
            AbandonReceived();
            if (offset != 0)
            {
                return new SnapshotProgress(0, Installed: false);
            }

            var path = Path.Combine(_directory, $"receiving-{meta.Index}{SnapshotFormat.TemporaryExtension}");
            _incoming = Guarded(path, () => new Incoming(meta, path));
        }

        if (offset != _incoming.Length)
        {
            return new SnapshotProgress(_incoming.Length, Installed: false);
        }

        Add(_incoming, data);
        return done ? Complete(_incoming) : new SnapshotProgress(_incoming.Length, Installed: false);
    }

    private long? LengthOf(SnapshotMeta meta)
    {
        lock (_gate)
        {
            return _files.Find(file => file.Meta.Index == meta.Index && file.Meta.Term == meta.Term)?.Length;
        }
    }

    private void Add(Incoming incoming, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(incoming.Handle, data, incoming.Length);
            if (incoming.Length + data.Length - incoming.Synced >= SyncReceivedEvery)
            {
                DurableFile.Sync(incoming.Handle, incoming.Path);
                incoming.Synced = incoming.Length + data.Length;
            }
        }
        catch (IOException e)
        {
            AbandonReceived();
            throw Refused(incoming.Path, e);
        }

        incoming.Length += data.Length;
    }

    private SnapshotProgress Complete(Incoming incoming)
    {
        try
        {
            Guarded(incoming.Path, () => DurableFile.Sync(incoming.Handle, incoming.Path));
            Guarded(incoming.Path, () => VerifyReceived(incoming));
        }
        catch (FormatException e)
        {
            StorageLog.ReceivedSnapshotDamaged(_logger, incoming.Meta.Index.Value, e.Message);
            AbandonReceived();
            return new SnapshotProgress(0, Installed: false);
        }
        catch (StorageException)
        {
            AbandonReceived();
            throw;
        }

        incoming.Handle.Dispose();
        _incoming = null;
        Accept(incoming.Meta, incoming.Path, incoming.Length);
        return new SnapshotProgress(incoming.Length, Installed: true);
    }

    private void VerifyReceived(Incoming incoming)
    {
        using var reader = new SnapshotReader(File.OpenRead(incoming.Path));
        if (reader.Meta != incoming.Meta || reader.Group != _group)
        {
            throw new FormatException($"it is the snapshot at entry {reader.Meta.Index} of group {reader.Group}");
        }

        reader.Verify();
    }

    private void AbandonReceived()
    {
        if (_incoming is { } incoming)
        {
            _incoming = null;
            incoming.Handle.Dispose();
            Delete(incoming.Path);
        }
    }

    private sealed class Incoming(SnapshotMeta meta, string path)
    {
        public SnapshotMeta Meta { get; } = meta;

        public string Path { get; } = path;

        public SafeFileHandle Handle { get; } = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);

        public long Length { get; set; }

        public long Synced { get; set; }
    }
}

/// <summary>How far a snapshot from the leader has come.</summary>
/// <param name="NextOffset">Bytes received without a gap.</param>
/// <param name="Installed">It is whole, verified and durable.</param>
public readonly record struct SnapshotProgress(long NextOffset, bool Installed);
