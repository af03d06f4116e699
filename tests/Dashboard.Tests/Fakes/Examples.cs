using System.Text.Json;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Events;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Metrics;
using Quorate.Contracts.Queues;
using Quorate.Contracts.Replication;

namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>Contract values to start from; a test changes what it is about.</summary>
internal static class Examples
{
    public static DateTimeOffset Now => SettableClock.Start;

    public static NodeView Node(string id, string role = NodeRoles.Follower, string health = NodeHealths.Healthy, bool voter = true) => new(
        id, $"127.0.0.1:70{id[1..]}", "local", role, voter, health, Term: 7, CommitIndex: 12480, AppliedIndex: 12479, LastIndex: 12481,
        SnapshotIndex: 10000, LastContactMs: 21.4, LagEntries: 1, UptimeMs: 192_000, FsyncP99Ms: 1.9, KeyCount: 42);

    /// <summary>Three voters, of which n2 leads.</summary>
    public static Topology Cluster(int healthy = 3, bool quorum = true, bool laboratory = true) => new(
        Now, new EnvironmentBadge("demo", "#7a4fd0"), quorum ? "n2" : null, Term: 7, LeaderSince: quorum ? Now.AddMinutes(-3) : null,
        quorum, Voters: 3, HealthyVoters: healthy, FaultTolerance: quorum ? Math.Max(0, healthy - 2) : 0,
        [Node("n1"), Node("n2", NodeRoles.Leader), Node("n3", health: healthy < 3 ? NodeHealths.Stopped : NodeHealths.Healthy)],
        [new("n1", "n2", LinkStates.Up, null), new("n2", "n1", LinkStates.Up, 0.6), new("n2", "n3", LinkStates.Up, 0.7), new("n3", "n2", LinkStates.Up, null)],
        [new RegionNodes("local", ["n1", "n2", "n3"])], [new PartitionView(0, "n2")], laboratory);

    public static LockView Lock(string name, string owner = "worker-1", params string[] waiters) => new(
        name, "exclusive",
        [new LockHolder(owner, "exclusive", 11000, Now.AddSeconds(-90), Now.AddSeconds(30), 1, null)],
        [.. waiters.Select((waiter, index) => new LockWaiter(waiter, "exclusive", Now.AddSeconds(-45), Now.AddSeconds(60), index + 1, null))],
        11000);

    public static QueueView Queue(
        string name, long ready = 0, long delayed = 0, long inFlight = 0, long dead = 0, long enqueued = 0, int oldestSeconds = 1, string? consumer = null) => new(
        name, new QueueConfiguration(5, 30_000, null, null, QueueOverflows.Reject, 300_000), Now.AddHours(-1),
        ready, [ready, 0, 0, 0, 0, 0, 0, 0, 0, 0], delayed, inFlight, dead, Bytes: 10 * ready,
        ready == 0 ? null : oldestSeconds * 1000, ready == 0 ? null : Now.AddSeconds(-oldestSeconds), Waiting: 0,
        new QueueCounts(enqueued, 0, 0, 0, dead, 0, 0, 0), new QueueRates(0, 0, 0),
        consumer is null ? [] : [new QueueConsumerView(consumer, inFlight, 0, inFlight, 0, Now)], RecentDepths: [ready]);

    public static QueueMessageView Message(long id, string json) => new(
        id, MessageStates.Ready, Json(json), json.Length, false, 0, 0, new Dictionary<string, string>(), null, Now.AddMinutes(-1), Now.AddMinutes(-1), null, null);

    public static KeyView Key(string key, string json = "1", long revision = 5) =>
        new(key, Json(json), revision, 1, 1, Now.AddMinutes(-1), null, json.Length);

    public static KeyRevisionView Revision(long revision, string? json, string change = KeyChangeKinds.Put, string? reason = null) =>
        new(revision, change, Now.AddMinutes(-revision), json is null ? null : Json(json), json is null ? 0 : revision, json?.Length ?? 0, reason);

    /// <summary>worker-1 leads; the others wait.</summary>
    public static ElectionView Election(string name, params string[] waiting) => new(
        name,
        new ElectionLeader("worker-1", Json("""{"host":"h1"}"""), 900, Now.AddSeconds(-90), Now.AddSeconds(30), null),
        [.. waiting.Select((candidate, index) => new ElectionCandidate(candidate, null, Now.AddSeconds(-45), Now.AddSeconds(60), index + 1, null))],
        900,
        [new ElectionTerm("worker-9", null, 800, Now.AddMinutes(-5), Now.AddMinutes(-2), TermEnds.Expired, null)],
        1);

    public static DocumentView Document(string key, string json = "1", string rev = "1-a", long generation = 1) => new(
        "c", key, Json(json), rev, generation, 7, Now.AddMinutes(-9), Now.AddMinutes(-1), "1700000000000.0", new Dictionary<string, long> { ["local"] = generation }, json.Length);

    public static FollowerView Follower(string id, string state = FollowerStates.InSync, long lag = 0) => new(
        id, state, 100 - lag, lag, lag / 10.0, Now.AddHours(-1), Now, Now, Embedded: true, Error: null);

    /// <summary>A log of 100 changes.</summary>
    public static LagPayload Lag(params FollowerView[] followers) => new(
        new SyncStatus(Now, "local", 100, 91, 10, 2048, new SyncRetentionView(100_000, 64 << 20), followers),
        [.. Enumerable.Range(0, 5).Select(i => new SyncSample(
            Now.AddSeconds(i - 5), 96 + i, [.. followers.Select(each => new FollowerSample(each.Id, each.Sequence, each.LagOperations, each.LagSeconds))]))]);

    public static BusEventView BusEvent(long? id, string topic = "order.created", string payload = """{"order":7}""") =>
        new(id, topic, id is null ? EventScopes.Local : EventScopes.Cluster, Now, Json(payload));

    public static CacheStats Cache(long local = 300, long misses = 100, long entries = 40, string redis = RedisStates.Off)
    {
        var reads = new CacheReads(local + misses, local, 0, 0, misses, local + misses == 0 ? null : (double)local / (local + misses));
        var down = redis == RedisStates.Down;
        return new CacheStats(
            down ? CacheStates.Degraded : CacheStates.Ok,
            reads,
            reads.Reads == 0 ? [] : [new CachePrefix("shop", reads)],
            7,
            new LocalCacheStats(30, 40_000, 64 << 20, 1, 2, 3),
            new ClusterCacheStats(entries, 0, entries * 1000, 32 << 20, 100_000, 0, 0, 5),
            new RedisCacheStats(
                redis, redis == RedisStates.Off ? null : "redis:6379", Now.AddMinutes(-1), down ? "no answer within 100 ms" : null, down ? Now.AddSeconds(4) : null, 3, 90, 0, 0));
    }

    public static CacheSample CacheSample(int secondsAgo) => new(Now.AddSeconds(-secondsAgo), 60, 20, 0, 20, 40_000, 40_000);

    public static CacheView Cached(string key) => new(key, Json("""{"price":12}"""), 900, Now.AddMinutes(-1), null, 12, CacheLayers.Redis);

    public static MetricsSample Sample(int secondsAgo, double writes = 1000) =>
        new(Now.AddSeconds(-secondsAgo), writes, 2000, 2.1, 8.7, 3, 42, 2, 1, 4, []);

    public static EventView Event(long id, string severity = "info", string message = "n2 leads term 7.") =>
        new(id, Now.AddSeconds(-id), "system.leader.elected", severity, "n2", message);

    public static LeaderTerm Term(long term, string leader = "n2") => new(leader, term, Now.AddMinutes(-3), null, ElectionCauses.Timeout, ["n1", "n2"], 212, 9000);

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
