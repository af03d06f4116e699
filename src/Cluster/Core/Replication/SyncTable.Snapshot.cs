using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.Replication;

public sealed partial class SyncTable
{
    internal FrozenSync Freeze() => new(Last, Position, Retention, _entries.Freeze(), _followers.Freeze());

    internal void RestoreSettings(ref ByteReader reader)
    {
        Last = reader.VarInt();
        Position = reader.VarInt();
        Retention = new SyncRetention(reader.VarInt(), reader.VarInt());
    }

    internal void Restore(SyncEntry entry)
    {
        Bytes += entry.Cost;
        _entries.Set(entry.Sequence, entry);
    }

    internal void Restore(Follower follower) => _followers.Set(follower.Id, follower);
}

/// <summary>The log of changes as it was after one entry.</summary>
internal sealed record FrozenSync(
    long Last, long Position, SyncRetention Retention, CowTree<long, SyncEntry>.Frozen Entries, CowTree<string, Follower>.Frozen Followers)
{
    public bool IsUnused => Last == 0 && Position == 0 && Retention == SyncRetention.Default && Followers.Count == 0;
}
