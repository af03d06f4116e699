using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>What one node has made durable. It survives <see cref="SimNode.Crash"/>.</summary>
internal sealed class SimDisk(RestoredState founding)
{
    private readonly List<Entry> _entries = [.. founding.Entries];

    public HardState HardState { get; set; } = founding.HardState;

    public SnapshotMeta Snapshot { get; private set; } = founding.Snapshot;

    /// <summary>The applied commands as of <see cref="Snapshot"/>.</summary>
    public byte[] SnapshotData { get; private set; } = [];

    /// <summary>A snapshot on its way in: its bytes so far. Kept over a restart, so that the transfer resumes.</summary>
    public (SnapshotMeta Meta, byte[] Data)? Incoming { get; set; }

    public RestoredState Restore() =>
        new(HardState, Snapshot, [.. _entries.Where(entry => entry.Index > Snapshot.Index)]);

    public void Save(Ready ready, byte[]? installedData)
    {
        HardState = ready.HardState ?? HardState;
        if (ready.Snapshot is { } snapshot)
        {
            _entries.Clear();
            (Snapshot, SnapshotData) = (snapshot, installedData!);
        }

        if (ready.Entries.Count > 0)
        {
            _entries.RemoveAll(entry => entry.Index >= ready.Entries[0].Index);
            _entries.AddRange(ready.Entries);
        }
    }

    public void Compact(SnapshotMeta snapshot, byte[] data)
    {
        _entries.RemoveAll(entry => entry.Index <= snapshot.Index);
        (Snapshot, SnapshotData) = (snapshot, data);
    }
}
