using System.Text.Json;

namespace Quorate.Contracts.Live;

/// <summary>One message of the live feed.</summary>
/// <param name="Topic">One of <see cref="Topics"/>.</param>
/// <param name="Version">Position in the topic's history; pass the last one seen to resume. For <c>locks</c>, <c>queues</c> and <c>kv</c> it is a log index.</param>
/// <param name="Kind">One of <see cref="LiveKinds"/>.</param>
/// <param name="Payload">Its type depends on the topic; see <see cref="Topics"/>.</param>
public sealed record LiveMessage(string Topic, long Version, string Kind, DateTimeOffset At, JsonElement Payload);

public static class LiveKinds
{
    /// <summary>The whole state of the topic; replaces what the subscriber had.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>What changed since the previous message of the topic.</summary>
    public const string Delta = "delta";

    /// <summary>The subscriber was too slow or away too long; <see cref="Missed"/> says how much. A snapshot follows.</summary>
    public const string Missed = "missed";
}

/// <summary>Names of the live topics, each with the payload it carries.</summary>
public static class Topics
{
    /// <summary><see cref="Cluster.Topology"/>, whole in snapshot and delta.</summary>
    public const string Topology = "topology";

    /// <summary><see cref="LeadersPayload"/>: the newest 100 terms, newest first; a delta carries the terms that began or ended.</summary>
    public const string Leaders = "leaders";

    /// <summary><see cref="LocksPayload"/>.</summary>
    public const string Locks = "locks";

    /// <summary><see cref="QueuesPayload"/>.</summary>
    public const string Queues = "queues";

    /// <summary><see cref="KvPayload"/>.</summary>
    public const string Kv = "kv";

    /// <summary><see cref="CachePayload"/>: the last five minutes, then one sample a second.</summary>
    public const string Cache = "cache";

    /// <summary><see cref="MetricsPayload"/>: the last five minutes, then one sample a second.</summary>
    public const string Metrics = "metrics";

    /// <summary><see cref="EventsPayload"/>: the newest 200 events, newest first.</summary>
    public const string Events = "events";

    /// <summary><see cref="ElectionsPayload"/>.</summary>
    public const string Elections = "elections";

    /// <summary><see cref="LagPayload"/>: how far followers are, the last five minutes, then one sample a second.</summary>
    public const string Lag = "lag";

    /// <summary><see cref="ConflictsPayload"/>: the conflicts of the gateway's own region.</summary>
    public const string Conflicts = "conflicts";

    /// <summary><see cref="Contracts.Blobs.BlobStatus"/>, whole in snapshot and delta.</summary>
    public const string Blobs = "blobs";

    /// <summary>
    /// <c>kv:</c> and a prefix, <see cref="KvWatchPayload"/>: every single change of the keys with that prefix, in order, by revision.
    /// </summary>
    public const string KvWatch = "kv:";

    /// <summary>
    /// <c>events:</c> and a pattern of topics, <see cref="BusPayload"/>: events that are published, one by one and in order, by id.
    /// Version 0 is before the first event.
    /// </summary>
    public const string Bus = "events:";

    public static readonly IReadOnlyList<string> All = [Topology, Leaders, Locks, Queues, Kv, Cache, Elections, Conflicts, Lag, Blobs, Metrics, Events];
}

public sealed record LeadersPayload(IReadOnlyList<Cluster.LeaderTerm> Items);

/// <param name="Items">Locks that changed (delta) or all, at most 1000 (snapshot).</param>
/// <param name="Removed">Names of locks that nobody holds or waits for any more.</param>
/// <param name="Total">Number of locks in the cluster.</param>
public sealed record LocksPayload(IReadOnlyList<Locks.LockView> Items, IReadOnlyList<string> Removed, long Total);

/// <param name="Items">Queues that changed (delta) or all, at most 1000 (snapshot). Rates are as they were when the queue changed.</param>
/// <param name="Removed">Names of queues that were deleted.</param>
/// <param name="Total">Number of queues in the cluster.</param>
public sealed record QueuesPayload(IReadOnlyList<Queues.QueueView> Items, IReadOnlyList<string> Removed, long Total);

/// <param name="Items">Keys that changed (delta) or the first 1000 in key order (snapshot).</param>
/// <param name="Removed">Keys that were deleted or expired.</param>
/// <param name="Total">Number of keys in the cluster.</param>
public sealed record KvPayload(IReadOnlyList<Kv.KeyView> Items, IReadOnlyList<string> Removed, long Total);

/// <param name="Items">Keys that there are, the first 1000 (snapshot only).</param>
/// <param name="Total">Number of keys with the prefix (snapshot only): when it is more than <paramref name="Items"/>, list the rest.</param>
/// <param name="Changes">Every change since the message before, in order (delta only). Empty: only the version went on.</param>
public sealed record KvWatchPayload(IReadOnlyList<Kv.KeyView> Items, long Total, IReadOnlyList<KvWatchChange> Changes);

/// <summary>One change of one key.</summary>
/// <param name="Change">One of <see cref="Kv.KeyChangeKinds"/>.</param>
/// <param name="Item">What the key holds from then on, its value left out above 64 KiB; null when it is gone.</param>
/// <param name="Reason">Why, as the writer said.</param>
public sealed record KvWatchChange(string Key, long Revision, string Change, Kv.KeyView? Item, string? Reason);

/// <param name="Events">The newest 100 (snapshot) or every one since the message before (delta), oldest first. Empty: only the version went on.</param>
public sealed record BusPayload(IReadOnlyList<Events.BusEventView> Events);

/// <param name="Items">Elections that changed (delta) or all, at most 1000 (snapshot).</param>
/// <param name="Removed">Names of elections that are forgotten.</param>
/// <param name="Total">Number of elections in the cluster.</param>
public sealed record ElectionsPayload(IReadOnlyList<Elections.ElectionView> Items, IReadOnlyList<string> Removed, long Total);

/// <param name="Stats">As they are now.</param>
/// <param name="Samples">The last five minutes (snapshot) or what came since the message before (delta), oldest first.</param>
public sealed record CachePayload(Cache.CacheStats Stats, IReadOnlyList<Cache.CacheSample> Samples);

public sealed record MetricsPayload(IReadOnlyList<Metrics.MetricsSample> Samples);

/// <param name="Status">The newest state of the log and its followers.</param>
/// <param name="Samples">Oldest first.</param>
/// <param name="Regions">The regions and the links between them as they are now; null when there is only one.</param>
public sealed record LagPayload(Replication.SyncStatus Status, IReadOnlyList<Replication.SyncSample> Samples, Regions.RegionsView? Regions = null);

/// <param name="Items">Conflicts that changed (delta) or the newest 100 (snapshot), as lists show them.</param>
/// <param name="Open">Open conflicts in the gateway's own region.</param>
public sealed record ConflictsPayload(IReadOnlyList<Regions.ConflictView> Items, long Open);

public sealed record EventsPayload(IReadOnlyList<Events.EventView> Items);

/// <param name="Changes">How many changes were not delivered one by one; 0 when unknown.</param>
public sealed record Missed(long Changes, string Reason);
