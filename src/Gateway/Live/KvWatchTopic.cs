using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>
/// Every single change of the keys with a prefix, one by one and in order, where <see cref="KeyedTopic"/> tells only what keys hold in
/// the end. Its versions are revisions: whoever resumes from the last one seen misses nothing and sees nothing twice, at any gateway.
/// Changes from before the gateway began, or further back than its memory of them, are told out of the keys' history
/// (<see cref="KvTable.ChangesSince"/>). Where that does not reach back far enough it says so, and begins anew with a snapshot.
/// </summary>
/// <remarks>One instance serves one subscriber: what is told out of the history takes several messages.</remarks>
public sealed class KvWatchTopic(string name, string prefix, ClusterClient cluster, KvChangeLog log) : ITopic
{
    private const int ShownItems = 1000;

    /// <summary>Changes of one message, and the bytes of their values; all that one entry of the log changed stays together.</summary>
    private const int MaxChanges = 500;

    private const long MaxBytes = 1L << 20;

    /// <summary>Where nothing of the prefix changes for so many revisions, the subscriber is told how far it is, so that it can resume from there.</summary>
    private const long Quiet = KvChangeLog.Capacity / 4;

    private Replay? _replay;

    public string Name => name;

    public long Version => cluster.Peek(state => state.AppliedIndex.Value);

    public TopicRead Snapshot() => cluster.Peek(state => new TopicRead(state.AppliedIndex.Value, All(state), IsDelta: false));

    public TopicRead? Since(long version) => cluster.Peek(state =>
    {
        if (version > state.AppliedIndex.Value)
        {
            return new TopicRead(state.AppliedIndex.Value, All(state), IsDelta: false, Missed: 0);
        }

        if (version >= log.Since)
        {
            _replay = null;
            return Next(Changes(log.After(version)), state.AppliedIndex.Value, version);
        }

        if (_replay?.Reached != version)
        {
            _replay = state.Kv.ChangesSince(prefix, version, KvChangeLog.Capacity) is { } changes ? new Replay(changes, state.AppliedIndex.Value) : null;
        }

        return _replay is null
            ? new TopicRead(state.AppliedIndex.Value, All(state), IsDelta: false, Missed: 0)
            : _replay.Told(Next(_replay.Rest, _replay.Until, version) ?? new TopicRead(_replay.Until, Delta([]), IsDelta: true));
    });

    private IEnumerable<StateEvent.KvChanged> Changes(int from)
    {
        for (var i = from; i < log.Count; i++)
        {
            if (log[i].Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return log[i];
            }
        }
    }

    /// <param name="rest">What is to be told, all of it up to <paramref name="until"/>.</param>
    private static TopicRead? Next(IEnumerable<StateEvent.KvChanged> rest, long until, long version)
    {
        var changes = new List<StateEvent.KvChanged>();
        long bytes = 0;
        foreach (var change in rest)
        {
            if ((changes.Count >= MaxChanges || bytes >= MaxBytes) && change.Revision != changes[^1].Revision)
            {
                return new TopicRead(changes[^1].Revision, Delta(changes), IsDelta: true) { HasMore = true };
            }

            changes.Add(change);
            bytes += change.Item?.Value.Length ?? 0;
        }

        return changes.Count > 0 || until - version >= Quiet ? new TopicRead(until, Delta(changes), IsDelta: true) : null;
    }

    private KvWatchPayload All(ClusterState state)
    {
        var keys = state.Kv.Range(prefix).Select(item => KvViews.OfWatched(item)).Take(ShownItems).ToList();
        var total = keys.Count < ShownItems ? keys.Count : state.Kv.Range(prefix).LongCount();
        return new KvWatchPayload(keys, total, []);
    }

    private static KvWatchPayload Delta(List<StateEvent.KvChanged> changes) => new([], 0, [.. changes.Select(KvViews.Of)]);

    /// <summary>Changes out of the history, and how far they have been told.</summary>
    /// <param name="until">The last entry of the log that they take account of.</param>
    private sealed class Replay(List<StateEvent.KvChanged> changes, long until)
    {
        private int _told;

        public long Until => until;

        /// <summary>The version that the subscriber has after the last message; -1 before the first.</summary>
        public long Reached { get; private set; } = -1;

        public IEnumerable<StateEvent.KvChanged> Rest => changes.Skip(_told);

        public TopicRead Told(TopicRead read)
        {
            _told += ((KvWatchPayload)read.Payload).Changes.Count;
            Reached = read.Version;
            return read;
        }
    }
}
