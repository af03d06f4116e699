using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Storage;

namespace Quorate.Simulation.Disk;

/// <summary>
/// The snapshots of one machine, with the contract of <see cref="SnapshotStore"/>: one exists once it is whole and durable, the last
/// two are kept, a damaged one is set aside, and what was received in part is forgotten with a crash.
/// </summary>
internal sealed class VirtualSnapshots
{
    private readonly List<Snapshot> _kept = [];
    private (SnapshotMeta Meta, List<byte> Bytes)? _incoming;

    /// <summary>Up to here the log may be compacted: the older kept snapshot covers it. 0 until there are two.</summary>
    public LogIndex CompactableIndex => _kept.Count >= SnapshotStore.Kept ? _kept[^SnapshotStore.Kept].Meta.Index : LogIndex.Zero;

    public void Accept(SnapshotMeta meta, byte[] bytes)
    {
        _kept.RemoveAll(snapshot => snapshot.Meta.Index == meta.Index && snapshot.Meta.Term == meta.Term);
        _kept.Add(new Snapshot(meta, bytes, Crc32C.Compute(bytes)));
        _kept.Sort((a, b) => a.Meta.Index.CompareTo(b.Meta.Index));
        _kept.RemoveRange(0, Math.Max(0, _kept.Count - SnapshotStore.Kept));
    }

    /// <summary>The newest snapshot that is not damaged; null when there is none.</summary>
    public (SnapshotMeta Meta, ClusterState State)? OpenLatest()
    {
        while (_kept.Count > 0)
        {
            if (_kept[^1].IsSound)
            {
                return (_kept[^1].Meta, SnapshotBytes.Read(_kept[^1].Bytes));
            }

            _kept.RemoveAt(_kept.Count - 1);
        }

        return null;
    }

    public (ReadOnlyMemory<byte> Data, bool Done)? ReadChunk(SnapshotMeta meta, long offset, int maxLength)
    {
        var snapshot = _kept.Find(candidate => candidate.Meta.Index == meta.Index && candidate.Meta.Term == meta.Term);
        if (snapshot is null || offset > snapshot.Bytes.Length)
        {
            return null;
        }

        var length = (int)Math.Min(maxLength, snapshot.Bytes.Length - offset);
        return (snapshot.Bytes.AsMemory((int)offset, length), offset + length == snapshot.Bytes.Length);
    }

    public (long NextOffset, bool Complete) ReceiveChunk(SnapshotChunk chunk)
    {
        var known = _kept.Find(candidate => candidate.Meta.Index == chunk.Meta.Index && candidate.Meta.Term == chunk.Meta.Term);
        if (known is not null)
        {
            return (known.Bytes.Length, true);
        }

        if (_incoming is not { } incoming || incoming.Meta != chunk.Meta)
        {
            if (chunk.Offset != 0)
            {
                _incoming = null;
                return (0, false);
            }

            _incoming = incoming = (chunk.Meta, []);
        }

        if (chunk.Offset != incoming.Bytes.Count)
        {
            return (incoming.Bytes.Count, false);
        }

        incoming.Bytes.AddRange(chunk.Data.Span);
        if (chunk.Done)
        {
            _incoming = null;
            Accept(chunk.Meta, [.. incoming.Bytes]);
        }

        return (incoming.Bytes.Count, chunk.Done);
    }

    public void Crash() => _incoming = null;

    /// <summary>Flips a bit of the newest snapshot. False when there is none.</summary>
    public bool Rot(int random)
    {
        if (_kept.Count == 0)
        {
            return false;
        }

        // A copy: pieces that are on their way to other nodes have left the disk.
        var bytes = (byte[])_kept[^1].Bytes.Clone();
        bytes[random % bytes.Length] ^= 1;
        _kept[^1] = _kept[^1] with { Bytes = bytes };
        return true;
    }

    private sealed record Snapshot(SnapshotMeta Meta, byte[] Bytes, uint Checksum)
    {
        public bool IsSound => Crc32C.Compute(Bytes) == Checksum;
    }
}
