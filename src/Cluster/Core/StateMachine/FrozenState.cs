using System.Security.Cryptography;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.Raft;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Core.StateMachine.Terms;

namespace Quorate.Core.StateMachine;

/// <summary>The state as it was after one entry: what a snapshot is written from, and the state hash taken over.</summary>
public sealed class FrozenState
{
    private readonly CowTree<string, KvItem>.Frozen _kv;
    private readonly CowTree<string, CacheItem>.Frozen _cache;
    private readonly CacheCounters _cacheCounters;
    private readonly FrozenLocks _locks;
    private readonly CowTree<string, KvHistory>.Frozen _endedKeys;
    private readonly long _keysForgottenThrough;
    private readonly FrozenQueues _queues;
    private readonly CowTree<string, ElectionState>.Frozen _elections;
    private readonly CowTree<long, BusEvent>.Frozen _events;
    private readonly CowTree<string, TopicCount>.Frozen _topics;
    private readonly (EventRouting Routing, EventCounters Counters, long LastSequence) _eventSettings;
    private readonly FrozenDocuments _documents;
    private readonly FrozenRegion _region;
    private readonly FrozenExchange _exchange;
    private readonly FrozenSync _sync;
    private readonly FrozenBlobs _blobs;
    private readonly CowTree<long, Session>.Frozen _sessions;
    private readonly CowTree<(long Session, long Sequence), SessionReply>.Frozen _replies;
    private readonly CowTree<string, KeyedReply>.Frozen _retries;
    private readonly CowTree<long, TermRecord>.Frozen _terms;
    private readonly CowTree<string, RegisteredNode>.Frozen _nodes;

    internal FrozenState(ClusterState state)
    {
        AppliedIndex = state.AppliedIndex;
        AppliedTerm = state.AppliedTerm;
        Time = state.Time;
        (_kv, _endedKeys, _keysForgottenThrough) = state.Kv.Freeze();
        (_cache, _cacheCounters) = state.Cache.Freeze();
        _locks = state.Locks.Freeze();
        _queues = state.Queues.Freeze();
        _elections = state.Elections.Freeze();
        (_events, _topics) = state.Events.Freeze();
        _eventSettings = (state.Events.Routing, state.Events.Counters, state.Events.LastSequence);
        _documents = state.Documents.Freeze();
        _region = state.Regions.Freeze();
        _exchange = new FrozenExchange(state.Outbox.Freeze(), state.Inbox.Freeze(), state.Coordinator.Freeze());
        _sync = state.Sync.Freeze();
        _blobs = state.Blobs.Freeze();
        (_sessions, _replies) = state.Sessions.Freeze();
        _retries = state.Retries.Freeze();
        _terms = state.Terms.Freeze();
        _nodes = state.Nodes.Freeze();
    }

    public LogIndex AppliedIndex { get; }

    public Term AppliedTerm { get; }

    public HlcTimestamp Time { get; }

    /// <summary>
    /// The state as records, always in the same order: a tag (<see cref="SnapshotTags"/>) and an item each. A record is valid until the next is asked for.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        var writer = new ByteWriter();
        yield return Record(SnapshotTags.Header, w =>
        {
            w.VarInt(SnapshotTags.Version);
            w.VarInt(AppliedIndex.Value);
            w.VarInt(AppliedTerm.Value);
            w.VarInt(Time.Value);
        });
        foreach (var (_, record) in _terms.All())
        {
            yield return Record(SnapshotTags.Term, w => TermTable.Write(w, record));
        }

        foreach (var (_, node) in _nodes.All())
        {
            yield return Record(SnapshotTags.Node, w => NodeTable.Write(w, node));
        }

        foreach (var (_, session) in _sessions.All())
        {
            yield return Record(SnapshotTags.Session, w => SessionTable.WriteSession(w, session));
        }

        foreach (var (number, reply) in _replies.All())
        {
            yield return Record(SnapshotTags.SessionReply, w => SessionTable.WriteReply(w, number, reply));
        }

        foreach (var (_, reply) in _retries.All())
        {
            yield return Record(SnapshotTags.KeyedReply, w => RetryTable.Write(w, reply));
        }

        foreach (var (tag, write) in _locks.Records())
        {
            yield return Record(tag, write);
        }

        foreach (var (tag, write) in QueueRecords.Of(_queues))
        {
            yield return Record(tag, write);
        }

        foreach (var (_, election) in _elections.All())
        {
            yield return Record(SnapshotTags.Election, w => ElectionCodec.Write(w, election));
        }

        if (_eventSettings != (EventRouting.None, EventCounters.Zero, 0))
        {
            yield return Record(
                SnapshotTags.EventSettings, w => EventCodec.Write(w, _eventSettings.Routing, _eventSettings.Counters, _eventSettings.LastSequence));
        }

        foreach (var (_, topic) in _topics.All())
        {
            yield return Record(SnapshotTags.EventTopic, w => EventCodec.Write(w, topic));
        }

        foreach (var (_, item) in _events.All())
        {
            yield return Record(SnapshotTags.Event, w => EventCodec.Write(w, item));
        }

        foreach (var (tag, write) in DocumentRecords.Of(_documents).Concat(SyncRecords.Of(_sync)).Concat(BlobRecords.Of(_blobs))
            .Concat(RegionRecords.Of(_region)).Concat(ExchangeRecords.Of(_exchange)))
        {
            yield return Record(tag, write);
        }

        if (_keysForgottenThrough > 0)
        {
            yield return Record(SnapshotTags.KeysForgotten, w => w.VarInt(_keysForgottenThrough));
        }

        foreach (var (_, item) in _kv.All())
        {
            yield return Record(SnapshotTags.Key, w => KvTable.WriteItem(w, item));
            if (item.Past?.Reason is { } reason)
            {
                yield return Record(SnapshotTags.KeyReason, w => KvTable.WriteReason(w, item.Key, reason));
            }

            for (var i = 0; i < (item.Past?.Count ?? 0); i++)
            {
                yield return Record(SnapshotTags.KeyRevision, w => KvTable.WriteRevision(w, item.Key, item.Past![i].ToRevision()));
            }
        }

        foreach (var (key, past) in _endedKeys.All())
        {
            for (var i = 0; i < past.Count; i++)
            {
                yield return Record(SnapshotTags.KeyRevision, w => KvTable.WriteRevision(w, key, past[i].ToRevision()));
            }
        }

        if (_cacheCounters != CacheCounters.Zero)
        {
            yield return Record(SnapshotTags.CacheCounters, w => CacheCodec.Write(w, _cacheCounters));
        }

        foreach (var (_, item) in _cache.All())
        {
            yield return Record(SnapshotTags.CacheItem, w => CacheCodec.Write(w, item));
        }

        yield return Record(SnapshotTags.End, _ => { });

        ReadOnlyMemory<byte> Record(byte tag, Action<ByteWriter> write)
        {
            writer.Clear();
            writer.Byte(tag);
            write(writer);
            return writer.WrittenMemory;
        }
    }

    /// <summary>SHA-256 over <see cref="Records"/>, each with its length before it, as lower-case hexadecimal: equal on nodes that applied the same entries.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var record in Records())
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            hash.AppendData(length);
            hash.AppendData(record.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What a record of a snapshot holds. Part of the format: never reuse a tag.</summary>
public static class SnapshotTags
{
    public const long Version = 1;

    public const byte Header = 1;
    public const byte Term = 2;
    public const byte Session = 3;
    public const byte SessionReply = 4;
    public const byte KeyedReply = 5;
    public const byte Lock = 6;
    public const byte Deadlock = 7;
    public const byte Key = 8;
    public const byte Node = 9;
    public const byte QueueSequence = 40;
    public const byte Queue = 41;
    public const byte QueueItem = 42;
    public const byte Semaphore = 60;
    public const byte LockWaitAll = 61;
    public const byte LockHistory = 62;
    public const byte DeadlockWithModes = 63;
    public const byte KeyReason = 50;
    public const byte KeyRevision = 51;
    public const byte Election = 52;
    public const byte EventSettings = 53;
    public const byte EventTopic = 54;
    public const byte Event = 55;
    public const byte KeysForgotten = 56;
    public const byte Collection = 70;
    public const byte Document = 71;
    public const byte SyncSettings = 72;
    public const byte SyncEntry = 73;
    public const byte Follower = 74;
    public const byte Blob = 80;
    public const byte BlobUpload = 81;
    public const byte BlobArrival = 92;
    public const byte BlobAdoption = 93;
    public const byte Versions = 75;
    public const byte Fork = 76;
    public const byte DroppedCollection = 77;
    public const byte Region = 78;
    public const byte Conflict = 79;
    public const byte Brake = 65;
    public const byte HeldDeletion = 66;
    public const byte Outbox = 83;
    public const byte OutboxItem = 84;
    public const byte InboxOrigin = 85;
    public const byte OriginLog = 86;
    public const byte OriginChange = 87;
    public const byte OriginRefusal = 88;
    public const byte OriginAcknowledged = 89;
    public const byte CacheItem = 90;
    public const byte CacheCounters = 91;
    public const byte End = 255;
}
