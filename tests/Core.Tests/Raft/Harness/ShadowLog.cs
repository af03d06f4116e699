using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>A node's log, rebuilt from nothing but what the node handed out: an independent witness for the invariants.</summary>
internal sealed class ShadowLog
{
    private readonly SortedDictionary<long, Entry> _entries = [];

    public SnapshotMeta Snapshot { get; private set; } = RestoredState.Founding(Membership.Empty).Snapshot;

    public LogIndex LastIndex { get; private set; }

    public IEnumerable<Entry> Entries => _entries.Values;

    public Entry this[LogIndex index] => _entries[index.Value];

    public Term? TermAt(LogIndex index) =>
        index == Snapshot.Index ? Snapshot.Term : _entries.TryGetValue(index.Value, out var entry) ? entry.Term : null;

    public void Reset(SnapshotMeta snapshot, IReadOnlyList<Entry> entries)
    {
        _entries.Clear();
        Snapshot = snapshot;
        LastIndex = snapshot.Index;
        Append(entries);
    }

    public void Take(Ready ready)
    {
        if (ready.Snapshot is { } snapshot)
        {
            Reset(snapshot, []);
        }

        Append(ready.Entries);
    }

    /// <summary>The node forgot what <paramref name="snapshot"/> contains.</summary>
    public void Compact(SnapshotMeta snapshot)
    {
        foreach (var index in _entries.Keys.TakeWhile(index => index <= snapshot.Index.Value).ToArray())
        {
            _entries.Remove(index);
        }

        Snapshot = snapshot;
    }

    private void Append(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Assert.True(entries[0].Index <= LastIndex.Next, $"entry {entries[0].Index} leaves a gap after {LastIndex}");
        for (var index = entries[0].Index; index <= LastIndex; index = index.Next)
        {
            _entries.Remove(index.Value);
        }

        foreach (var entry in entries)
        {
            _entries[entry.Index.Value] = entry;
        }

        LastIndex = entries[^1].Index;
    }
}
