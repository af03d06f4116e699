using Quorate.Core.Codec;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication;

/// <summary>The log of changes as records of a snapshot: settings, changes, followers. A log that was never used has none.</summary>
internal static class SyncRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenSync sync)
    {
        if (sync.IsUnused)
        {
            yield break;
        }

        yield return (SnapshotTags.SyncSettings, writer =>
        {
            writer.VarInt(sync.Last);
            writer.VarInt(sync.Position);
            writer.VarInt(sync.Retention.MaxEntries);
            writer.VarInt(sync.Retention.MaxBytes);
        });
        foreach (var (_, entry) in sync.Entries.All())
        {
            yield return (SnapshotTags.SyncEntry, writer => SyncCodec.Write(writer, entry));
        }

        foreach (var (_, follower) in sync.Followers.All())
        {
            yield return (SnapshotTags.Follower, writer => SyncCodec.Write(writer, follower));
        }
    }

    public static void Restore(byte tag, ref ByteReader reader, SyncTable table)
    {
        switch (tag)
        {
            case SnapshotTags.SyncSettings:
                table.RestoreSettings(ref reader);
                break;
            case SnapshotTags.SyncEntry:
                table.Restore(SyncCodec.Read(ref reader));
                break;
            default:
                table.Restore(SyncCodec.ReadFollower(ref reader));
                break;
        }
    }
}
