using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;

namespace Quorate.Core.StateMachine;

/// <summary>Builds a <see cref="ClusterState"/> from the records of a snapshot.</summary>
public static class StateSnapshot
{
    /// <param name="records">As written by <see cref="FrozenState.Records"/>; each is read before the next is asked for.</param>
    /// <exception cref="FormatException">A record is damaged, of another version, or the end is missing.</exception>
    public static ClusterState Read(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        var state = new ClusterState();
        var ended = false;
        var started = false;
        foreach (var record in records)
        {
            if (ended)
            {
                throw new FormatException("the snapshot goes on after its end");
            }

            var reader = new ByteReader(record);
            var tag = reader.Byte();
            if (!started && tag != SnapshotTags.Header)
            {
                throw new FormatException("the snapshot does not begin with a header");
            }

            started = true;
            ended = tag == SnapshotTags.End;
            ReadRecord(tag, ref reader, state);
            reader.End();
        }

        return ended ? state : throw new FormatException("the snapshot has no end");
    }

    private static void ReadRecord(byte tag, ref ByteReader reader, ClusterState state)
    {
        switch (tag)
        {
            case SnapshotTags.Header:
                var version = reader.VarInt();
                if (version != SnapshotTags.Version)
                {
                    throw new FormatException($"the snapshot is of version {version}, this program reads {SnapshotTags.Version}");
                }

                state.AppliedIndex = new LogIndex(reader.VarInt());
                state.AppliedTerm = new Term(reader.VarInt());
                state.Time = new HlcTimestamp(reader.VarInt());
                break;
            case SnapshotTags.Term:
                state.Terms.Restore(ref reader);
                break;
            case SnapshotTags.Session:
                state.Sessions.RestoreSession(ref reader);
                break;
            case SnapshotTags.SessionReply:
                state.Sessions.RestoreReply(ref reader);
                break;
            case SnapshotTags.KeyedReply:
                state.Retries.Restore(ref reader);
                break;
            case SnapshotTags.Lock or SnapshotTags.Deadlock or SnapshotTags.Semaphore
                or SnapshotTags.LockWaitAll or SnapshotTags.LockHistory or SnapshotTags.DeadlockWithModes:
                state.Locks.Restore(tag, ref reader);
                break;
            case SnapshotTags.Key:
                state.Kv.Restore(ref reader);
                break;
            case SnapshotTags.QueueSequence:
                state.Queues.RestoreSequence(ref reader);
                break;
            case SnapshotTags.Queue:
                state.Queues.RestoreQueue(ref reader);
                break;
            case SnapshotTags.QueueItem:
                state.Queues.RestoreItem(ref reader);
                break;
            case SnapshotTags.Election:
                state.Elections.Restore(ElectionCodec.Read(ref reader));
                break;
            case SnapshotTags.EventSettings:
                var (routing, counters, lastSequence) = EventCodec.ReadSettings(ref reader);
                state.Events.Restore(routing, counters, lastSequence);
                break;
            case SnapshotTags.EventTopic:
                state.Events.Restore(EventCodec.ReadTopic(ref reader));
                break;
            case SnapshotTags.Event:
                state.Events.Restore(EventCodec.ReadEvent(ref reader));
                break;
            case SnapshotTags.CacheItem:
                state.Cache.Restore(CacheCodec.ReadItem(ref reader));
                break;
            case SnapshotTags.CacheCounters:
                state.Cache.Restore(CacheCodec.ReadCounters(ref reader));
                break;
            case SnapshotTags.KeysForgotten:
                state.Kv.RestoreForgotten(ref reader);
                break;
            case SnapshotTags.KeyReason:
                state.Kv.RestoreReason(ref reader);
                break;
            case SnapshotTags.KeyRevision:
                state.Kv.RestoreRevision(ref reader);
                break;
            case SnapshotTags.Node:
                state.Nodes.Restore(ref reader);
                break;
            case SnapshotTags.Collection or SnapshotTags.Document or SnapshotTags.Versions or SnapshotTags.Fork or SnapshotTags.DroppedCollection:
                DocumentRecords.Restore(tag, ref reader, state.Documents.Set);
                break;
            case SnapshotTags.Region or SnapshotTags.Conflict or SnapshotTags.Brake or SnapshotTags.HeldDeletion:
                RegionRecords.Restore(tag, ref reader, state.Regions);
                break;
            case SnapshotTags.SyncSettings or SnapshotTags.SyncEntry or SnapshotTags.Follower:
                SyncRecords.Restore(tag, ref reader, state.Sync);
                break;
            case SnapshotTags.Blob or SnapshotTags.BlobUpload or SnapshotTags.BlobArrival or SnapshotTags.BlobAdoption:
                BlobRecords.Restore(tag, ref reader, state.Blobs);
                break;
            case >= SnapshotTags.Outbox and <= SnapshotTags.OriginAcknowledged:
                ExchangeRecords.Restore(tag, ref reader, state);
                break;
            case SnapshotTags.End:
                state.Documents.RememberDeletions();
                state.Documents.KeepLosers();
                break;
            default:
                throw new FormatException($"snapshot record tag {tag} is not of this version");
        }
    }
}
