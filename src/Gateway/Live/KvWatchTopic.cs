using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>
/// Every single change of the keys with a prefix (<see cref="KvWatch"/>), where <see cref="KeyedTopic"/> tells only what keys hold in the
/// end. Where not all changes are known any more it says so, and begins anew with a snapshot.
/// </summary>
/// <remarks>One instance serves one subscriber.</remarks>
public sealed class KvWatchTopic(string name, string prefix, ClusterClient cluster, KvChangeLog log) : ITopic
{
    private const int ShownItems = 1000;

    private readonly KvWatch _watch = new(prefix, log);

    public string Name => name;

    public long Version => cluster.Peek(state => state.AppliedIndex.Value);

    public TopicRead Snapshot() => cluster.Peek(state => new TopicRead(state.AppliedIndex.Value, All(state), IsDelta: false));

    public TopicRead? Since(long version) => cluster.Peek(state => _watch.Next(state, version) switch
    {
        null => null,
        { Changes: { } changes } step => new TopicRead(step.Version, Delta(changes), IsDelta: true) { HasMore = step.HasMore },
        var missed => new TopicRead(missed.Version, All(state), IsDelta: false, Missed: 0),
    });

    private KvWatchPayload All(ClusterState state)
    {
        var keys = state.Kv.Range(prefix).Select(item => KvViews.OfWatched(item)).Take(ShownItems).ToList();
        var total = keys.Count < ShownItems ? keys.Count : state.Kv.Range(prefix).LongCount();
        return new KvWatchPayload(keys, total, []);
    }

    private static KvWatchPayload Delta(IReadOnlyList<StateEvent.KvChanged> changes) => new([], 0, [.. changes.Select(KvViews.Of)]);
}
