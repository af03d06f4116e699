using Quorate.Contracts.Blobs;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Events;
using Quorate.Contracts.Live;
using Quorate.Contracts.Metrics;
using Quorate.Contracts.Replication;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Cache;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Metrics;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>All topics, fed from the mirror's changes and from the gateway's own watchers.</summary>
public sealed class ChangeFeed : IDisposable
{
    private const int ShownItems = 1000;
    private const int KeptEvents = 200;
    private const int KeptSamples = 300;

    private readonly ClusterClient _cluster;
    private readonly KeyedTopic _locks;
    private readonly KeyedTopic _queues;
    private readonly KeyedTopic _kv;
    private readonly KeyedTopic _elections;
    private readonly KeyedTopic _conflicts;
    private readonly RingTopic<EventView> _events;
    private readonly RingTopic<MetricsSample> _metrics;
    private readonly RingTopic<CacheSample> _cache;
    private readonly RingTopic<SyncSample> _lag;
    private readonly ValueTopic _topology;
    private readonly ValueTopic _blobs = new(Topics.Blobs, new BlobStatus(DateTimeOffset.UnixEpoch, 0, 0, [], []));
    private readonly Dictionary<string, ITopic> _topics;

    internal ChangeFeed(ClusterClient cluster, Topology topology, QueueSampler queues, CacheService cache, SyncMonitor sync, RegionMonitor regions)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _cluster = cluster;
        _topology = new ValueTopic(Topics.Topology, topology);
        _locks = new KeyedTopic(Topics.Locks, cluster, item => (item as StateEvent.LockChanged)?.Name, AllLocks, SomeLocks);
        _queues = new KeyedTopic(
            Topics.Queues,
            cluster,
            item => (item as StateEvent.QueueChanged)?.Name,
            state => AllQueues(state, queues),
            (state, names) => SomeQueues(state, names, queues));
        _kv = new KeyedTopic(Topics.Kv, cluster, item => (item as StateEvent.KvChanged)?.Key, AllKeys, SomeKeys);
        _elections = new KeyedTopic(
            Topics.Elections, cluster, item => (item as StateEvent.ElectionChanged)?.Name, AllElections, SomeElections);
        _conflicts = new KeyedTopic(Topics.Conflicts, cluster, item => (item as StateEvent.ConflictChanged)?.Id, ConflictFeed.Newest, ConflictFeed.Some);
        _events = new RingTopic<EventView>(Topics.Events, KeptEvents, now, items => new EventsPayload([.. items.Reverse()]));
        _metrics = new RingTopic<MetricsSample>(Topics.Metrics, KeptSamples, now / 1000, items => new MetricsPayload(items));
        _cache = new RingTopic<CacheSample>(Topics.Cache, KeptSamples, now / 1000, items => new CachePayload(cache.Stats(), items));
        _lag = new RingTopic<SyncSample>(Topics.Lag, KeptSamples, now / 1000, items => new LagPayload(sync.Status(), items, regions.IsOn ? regions.Current : null));
        ITopic[] topics = [_topology, new LeadersTopic(cluster), _locks, _queues, _kv, _elections, _conflicts, _lag, _blobs, _cache, _metrics, _events];
        _topics = topics.ToDictionary(topic => topic.Name, StringComparer.Ordinal);
        cluster.Changed += OnChanged;
    }

    /// <summary>Pulsed when any topic changed.</summary>
    public LiveSignal Signal { get; } = new();

    /// <summary>What watchers of keys are served from.</summary>
    public KvChangeLog KvChanges { get; } = new();

    public ITopic? Find(string name) => _topics.GetValueOrDefault(name);

    public void SetTopology(Topology topology)
    {
        _topology.Set(topology);
        Signal.Pulse();
    }

    public void SetBlobs(BlobStatus status)
    {
        _blobs.Set(status);
        Signal.Pulse();
    }

    public void Add(MetricsSample sample)
    {
        _metrics.Add(_ => sample);
        Signal.Pulse();
    }

    public void Add(CacheSample sample)
    {
        _cache.Add(_ => sample);
        Signal.Pulse();
    }

    public void Add(SyncSample sample)
    {
        _lag.Add(_ => sample);
        Signal.Pulse();
    }

    /// <param name="severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
    public void Report(DateTimeOffset at, string topic, string severity, string? subject, string message)
    {
        _events.Add(id => new EventView(id, at, topic, severity, subject, message));
        Signal.Pulse();
    }

    public void Dispose() => _cluster.Changed -= OnChanged;

    private void OnChanged(MirrorChange change)
    {
        var changed = _locks.Note(change) | _queues.Note(change) | _kv.Note(change) | _elections.Note(change) | _conflicts.Note(change);
        var conflicts = false;
        KvChanges.Note(change);
        foreach (var item in change.Events)
        {
            conflicts |= item is StateEvent.ConflictChanged;
            changed |= item is StateEvent.EventPublished or StateEvent.DocumentChanged or StateEvent.FollowerMoved;
            if (ClusterEvents.Describe(item) is { } told)
            {
                Report(Views.Time(change.Time), told.Topic, told.Severity, told.Subject, told.Message);
                changed = true;
            }
        }

        foreach (var (topic, severity, subject, message) in conflicts ? ConflictFeed.Told(change) : [])
        {
            Report(Views.Time(change.Time), topic, severity, subject, message);
        }

        if (changed || change.Restored)
        {
            Signal.Pulse();
        }
    }

    private static LocksPayload AllLocks(ClusterState state) =>
        new([.. state.Locks.Range("").Take(ShownItems).Select(Views.Of)], [], state.Locks.Count);

    private static LocksPayload SomeLocks(ClusterState state, IReadOnlyCollection<string> names)
    {
        var found = names.Select(state.Locks.Get).Where(item => item is { IsIdle: false }).Select(item => Views.Of(item!)).ToArray();
        var gone = names.Where(name => state.Locks.Get(name) is not { IsIdle: false }).ToArray();
        return new LocksPayload(found, gone, state.Locks.Count);
    }

    private static QueuesPayload AllQueues(ClusterState state, QueueSampler sampler) =>
        new([.. state.Queues.Range("").Take(ShownItems).Select(queue => sampler.View(queue, recent: true))], [], state.Queues.Count);

    private static QueuesPayload SomeQueues(ClusterState state, IReadOnlyCollection<string> names, QueueSampler sampler)
    {
        var found = names.Select(state.Queues.Get).Where(queue => queue is not null).Select(queue => sampler.View(queue!, recent: false)).ToArray();
        var gone = names.Where(name => state.Queues.Get(name) is null).ToArray();
        return new QueuesPayload(found, gone, state.Queues.Count);
    }

    private static KvPayload AllKeys(ClusterState state) =>
        new([.. state.Kv.Range("").Take(ShownItems).Select(item => Views.Of(item, preview: true))], [], state.Kv.Count);

    private static KvPayload SomeKeys(ClusterState state, IReadOnlyCollection<string> keys)
    {
        var found = keys.Select(state.Kv.Get).OfType<Core.StateMachine.Kv.KvItem>().Select(item => Views.Of(item, preview: true)).ToArray();
        var gone = keys.Where(key => state.Kv.Get(key) is null).ToArray();
        return new KvPayload(found, gone, state.Kv.Count);
    }

    private static ElectionsPayload AllElections(ClusterState state) => new(
        [.. state.Elections.Range("").Take(ShownItems).Select(election => ElectionViews.Of(election, ElectionViews.ListedTerms))], [], state.Elections.Count);

    private static ElectionsPayload SomeElections(ClusterState state, IReadOnlyCollection<string> names) => new(
        [.. names.Select(state.Elections.Get).OfType<Core.StateMachine.Elections.ElectionState>().Select(election => ElectionViews.Of(election, ElectionViews.ListedTerms))],
        [.. names.Where(name => state.Elections.Get(name) is null)],
        state.Elections.Count);
}
