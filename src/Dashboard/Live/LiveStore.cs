using System.Collections.Immutable;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Events;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Metrics;
using Quorate.Contracts.Queues;
using Quorate.Contracts.Regions;
using Quorate.Contracts.Replication;

namespace Quorate.Dashboard.Live;

/// <summary>What the live topics have said so far.</summary>
/// <remarks>
/// Invariants:
/// 1. A delta counts only on top of a snapshot, and only with a version above the last one.
/// 2. After <c>missed</c> nothing but a snapshot counts, and until it comes the topic is not current.
/// 3. Every list is bounded, whatever the gateway sends.
/// One writer; readers on other threads see each property whole, as every value is immutable.
/// </remarks>
public sealed class LiveStore
{
    public const int MaxSamples = 300;
    public const int MaxEvents = 200;
    public const int MaxTerms = 100;

    private ImmutableDictionary<string, TopicState> _topics = ImmutableDictionary<string, TopicState>.Empty;

    public Topology? Topology { get; private set; }

    /// <summary>Since when this console has seen nobody lead; null while somebody does.</summary>
    public DateTimeOffset? LeaderlessSince { get; private set; }

    /// <summary>Newest first.</summary>
    public ImmutableArray<LeaderTerm> Terms { get; private set; } = [];

    public ImmutableSortedDictionary<string, LockView> Locks { get; private set; } =
        ImmutableSortedDictionary.Create<string, LockView>(StringComparer.Ordinal);

    /// <summary>Locks in the cluster; may exceed <see cref="Locks"/>, which holds those the snapshot brought.</summary>
    public long LocksTotal { get; private set; }

    public ImmutableSortedDictionary<string, QueueView> Queues { get; private set; } =
        ImmutableSortedDictionary.Create<string, QueueView>(StringComparer.Ordinal);

    /// <summary>Queues in the cluster; may exceed <see cref="Queues"/>, which holds those the snapshot brought.</summary>
    public long QueuesTotal { get; private set; }

    public ImmutableSortedDictionary<string, ElectionView> Elections { get; private set; } =
        ImmutableSortedDictionary.Create<string, ElectionView>(StringComparer.Ordinal);

    /// <summary>Elections in the cluster; may exceed <see cref="Elections"/>, which holds those the snapshot brought.</summary>
    public long ElectionsTotal { get; private set; }

    /// <summary>The log of changes and its followers; null before the first word of them.</summary>
    public SyncStatus? Sync { get; private set; }

    /// <summary>Oldest first, at most five minutes.</summary>
    public ImmutableArray<SyncSample> SyncSamples { get; private set; } = [];

    /// <summary>How blobs do; null until it is known.</summary>
    public BlobStatus? Blobs { get; private set; }

    /// <summary>The regions and the links between them; null while there is only one, or nothing is known.</summary>
    public RegionsView? Regions { get; private set; }

    /// <summary>Open conflicts in the gateway's own region.</summary>
    public long OpenConflicts { get; private set; }

    public long KeysTotal { get; private set; }

    /// <summary>Oldest first, at most five minutes.</summary>
    public ImmutableArray<MetricsSample> Samples { get; private set; } = [];

    /// <summary>How the cache does; null until it is known.</summary>
    public CacheStats? Cache { get; private set; }

    /// <summary>Oldest first, at most five minutes.</summary>
    public ImmutableArray<CacheSample> CacheSamples { get; private set; } = [];

    /// <summary>Newest first.</summary>
    public ImmutableArray<EventView> Events { get; private set; } = [];

    public TopicState State(string topic) => _topics.GetValueOrDefault(topic, TopicState.Empty);

    /// <summary>The log index that a topic's data stand at; null for topics that are not part of the log.</summary>
    public long? IndexOf(string topic) => topic switch
    {
        Topics.Topology => Topology?.Nodes.Max(node => (long?)node.CommitIndex),
        Topics.Locks or Topics.Queues or Topics.Kv or Topics.Elections when State(topic).HasData => State(topic).Version,
        _ => null,
    };

    /// <summary>Takes one message in.</summary>
    /// <returns>Whether it counted.</returns>
    public bool Apply(LiveMessage message, DateTimeOffset receivedAt)
    {
        var state = State(message.Topic);
        var snapshot = message.Kind == LiveKinds.Snapshot;
        if (message.Kind == LiveKinds.Missed)
        {
            var missed = Read<Missed>(message.Payload).Changes;
            Set(message.Topic, state with { AwaitsSnapshot = true, Missed = state.Missed + missed });
            return true;
        }

        if (!snapshot && (state.AwaitsSnapshot || message.Version <= state.Version))
        {
            return false;
        }

        Take(message, snapshot);
        Set(message.Topic, state with { Version = message.Version, ReceivedAt = receivedAt, AwaitsSnapshot = false });
        return true;
    }

    private void Take(LiveMessage message, bool snapshot)
    {
        switch (message.Topic)
        {
            case Topics.Topology:
                TakeTopology(Read<Topology>(message.Payload));
                break;
            case Topics.Leaders:
                TakeTerms(Read<LeadersPayload>(message.Payload).Items, snapshot);
                break;
            case Topics.Locks:
                TakeLocks(Read<LocksPayload>(message.Payload), snapshot);
                break;
            case Topics.Queues:
                TakeQueues(Read<QueuesPayload>(message.Payload), snapshot);
                break;
            case Topics.Elections:
                TakeElections(Read<ElectionsPayload>(message.Payload), snapshot);
                break;
            case Topics.Lag:
                TakeLag(Read<LagPayload>(message.Payload), snapshot);
                break;
            case Topics.Blobs:
                Blobs = Read<BlobStatus>(message.Payload);
                break;
            case Topics.Conflicts:
                OpenConflicts = Read<ConflictsPayload>(message.Payload).Open;
                break;
            case Topics.Kv:
                KeysTotal = Read<KvPayload>(message.Payload).Total;
                break;
            case Topics.Metrics:
                TakeSamples(Read<MetricsPayload>(message.Payload).Samples, snapshot);
                break;
            case Topics.Cache:
                TakeCache(Read<CachePayload>(message.Payload), snapshot);
                break;
            case Topics.Events:
                TakeEvents(Read<EventsPayload>(message.Payload).Items, snapshot);
                break;
        }
    }

    private void TakeTopology(Topology topology)
    {
        Topology = topology;
        LeaderlessSince = topology.Leader is null ? LeaderlessSince ?? topology.At : null;
    }

    private void TakeTerms(IReadOnlyList<LeaderTerm> items, bool snapshot)
    {
        var known = snapshot ? [] : Terms.Where(old => items.All(term => term.Term != old.Term));
        Terms = [.. items.Concat(known).OrderByDescending(term => term.Term).Take(MaxTerms)];
    }

    private void TakeLocks(LocksPayload payload, bool snapshot)
    {
        var locks = snapshot ? Locks.Clear() : Locks.RemoveRange(payload.Removed);
        Locks = locks.SetItems(payload.Items.Select(item => KeyValuePair.Create(item.Name, item)));
        LocksTotal = payload.Total;
    }

    private void TakeQueues(QueuesPayload payload, bool snapshot)
    {
        var queues = snapshot ? Queues.Clear() : Queues.RemoveRange(payload.Removed);
        Queues = queues.SetItems(payload.Items.Select(item => KeyValuePair.Create(item.Name, item)));
        QueuesTotal = payload.Total;
    }

    private void TakeElections(ElectionsPayload payload, bool snapshot)
    {
        var elections = snapshot ? Elections.Clear() : Elections.RemoveRange(payload.Removed);
        Elections = elections.SetItems(payload.Items.Select(item => KeyValuePair.Create(item.Name, item)));
        ElectionsTotal = payload.Total;
    }

    private void TakeLag(LagPayload payload, bool snapshot)
    {
        var last = snapshot || SyncSamples.IsEmpty ? DateTimeOffset.MinValue : SyncSamples[^1].At;
        var known = snapshot ? [] : SyncSamples;
        Sync = payload.Status;
        Regions = payload.Regions is { Regions.Count: > 0 } regions ? regions : null;
        SyncSamples = [.. known.Concat(payload.Samples.Where(sample => sample.At > last)).TakeLast(MaxSamples)];
    }

    private void TakeSamples(IReadOnlyList<MetricsSample> samples, bool snapshot)
    {
        var last = snapshot || Samples.IsEmpty ? DateTimeOffset.MinValue : Samples[^1].At;
        var known = snapshot ? [] : Samples;
        Samples = [.. known.Concat(samples.Where(sample => sample.At > last)).TakeLast(MaxSamples)];
    }

    private void TakeCache(CachePayload payload, bool snapshot)
    {
        var last = snapshot || CacheSamples.IsEmpty ? DateTimeOffset.MinValue : CacheSamples[^1].At;
        var known = snapshot ? [] : CacheSamples;
        CacheSamples = [.. known.Concat(payload.Samples.Where(sample => sample.At > last)).TakeLast(MaxSamples)];
        Cache = payload.Stats;
    }

    private void TakeEvents(IReadOnlyList<EventView> items, bool snapshot)
    {
        var known = snapshot ? [] : Events.Where(old => items.All(item => item.Id != old.Id));
        Events = [.. items.Concat(known).OrderByDescending(item => item.Id).Take(MaxEvents)];
    }

    private void Set(string topic, TopicState state) => _topics = _topics.SetItem(topic, state);

    private static T Read<T>(JsonElement payload) =>
        payload.Deserialize<T>(ContractJson.Options) ?? throw new JsonException($"The payload is null, expected {typeof(T).Name}.");
}
