using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>
/// Every single change of the keys with a prefix, one by one and in order, where <see cref="KeyedTopic"/> tells only what keys hold in
/// the end. Its versions are revisions: whoever resumes from the last one seen misses nothing and sees nothing twice, at any gateway
/// that remembers as far back. One that does not says so, and begins anew with a snapshot.
/// </summary>
public sealed class KvWatchTopic(string name, string prefix, ClusterClient cluster, KvChangeLog log) : ITopic
{
    private const int ShownItems = 1000;

    /// <summary>Changes of one message, and the bytes of their values; all that one entry of the log changed stays together.</summary>
    private const int MaxChanges = 500;

    private const long MaxBytes = 1L << 20;

    /// <summary>Where nothing of the prefix changes for so many revisions, the subscriber is told how far it is, so that it can resume from there.</summary>
    private const long Quiet = KvChangeLog.Capacity / 4;

    public string Name => name;

    public long Version => cluster.Peek(_ => log.Version);

    public TopicRead Snapshot() => cluster.Peek(state => new TopicRead(log.Version, All(state), IsDelta: false));

    public TopicRead? Since(long version) => cluster.Peek(state =>
    {
        if (version < log.Since || version > log.Version)
        {
            return new TopicRead(log.Version, All(state), IsDelta: false, Missed: 0);
        }

        var changes = new List<StateEvent.KvChanged>();
        long bytes = 0;
        for (var i = log.After(version); i < log.Count; i++)
        {
            var change = log[i];
            if (!change.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if ((changes.Count >= MaxChanges || bytes >= MaxBytes) && change.Revision != changes[^1].Revision)
            {
                return new TopicRead(changes[^1].Revision, Delta(changes), IsDelta: true) { HasMore = true };
            }

            changes.Add(change);
            bytes += change.Item?.Value.Length ?? 0;
        }

        return changes.Count > 0 || log.Version - version >= Quiet ? new TopicRead(log.Version, Delta(changes), IsDelta: true) : null;
    });

    private KvWatchPayload All(ClusterState state)
    {
        var keys = state.Kv.Range(prefix).Select(item => KvViews.OfWatched(item)).Take(ShownItems).ToList();
        var total = keys.Count < ShownItems ? keys.Count : state.Kv.Range(prefix).LongCount();
        return new KvWatchPayload(keys, total, []);
    }

    private static KvWatchPayload Delta(List<StateEvent.KvChanged> changes) => new([], 0, [.. changes.Select(KvViews.Of)]);
}
