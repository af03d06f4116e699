using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>
/// A topic over named things in the replicated state. Its versions are log indexes, so a subscriber may resume at any gateway.
/// It remembers only which names changed when; values are read when somebody asks, which is what coalesces a thousand writes of one
/// key into one message.
/// </summary>
/// <param name="select">Which name an event concerns; null when it does not concern this topic.</param>
/// <param name="all">The payload for a snapshot.</param>
/// <param name="some">The payload for the given names: items that exist, and names that do not any more.</param>
public sealed class KeyedTopic(
    string name,
    ClusterClient cluster,
    Func<StateEvent, string?> select,
    Func<ClusterState, object> all,
    Func<ClusterState, IReadOnlyCollection<string>, object> some) : ITopic
{
    /// <summary>Changes remembered.</summary>
    public const int History = 8192;

    /// <summary>Names in one delta; beyond it a snapshot is the better answer.</summary>
    public const int MaxDelta = 1000;

    private readonly Queue<(long Index, string Key)> _changes = new();
    private long _since = long.MaxValue;
    private long _version;

    public string Name => name;

    public long Version => Volatile.Read(ref _version);

    /// <summary>Notes what a batch changed. Called with the mirror locked.</summary>
    /// <returns>Whether anything of this topic changed.</returns>
    public bool Note(MirrorChange change)
    {
        if (change.Restored || _since == long.MaxValue)
        {
            _changes.Clear();
            _since = change.Index.Value;
            Volatile.Write(ref _version, change.Index.Value);
            return true;
        }

        var noted = false;
        foreach (var item in change.Events)
        {
            if (select(item) is { } key)
            {
                _changes.Enqueue((change.Index.Value, key));
                noted = true;
            }
        }

        while (_changes.Count > History)
        {
            _since = _changes.Dequeue().Index;
        }

        if (noted)
        {
            Volatile.Write(ref _version, change.Index.Value);
        }

        return noted;
    }

    public TopicRead Snapshot() => cluster.Peek(state => new TopicRead(_version, all(state), IsDelta: false));

    public TopicRead? Since(long version) => cluster.Peek(state =>
    {
        if (version == _version)
        {
            return null;
        }

        if (version < _since || version > _version)
        {
            return new TopicRead(_version, all(state), IsDelta: false, Missed: 0);
        }

        var passed = _changes.Where(change => change.Index > version).Select(change => change.Key).ToArray();
        var keys = passed.Distinct(StringComparer.Ordinal).ToArray();
        return keys.Length > MaxDelta
            ? new TopicRead(_version, all(state), IsDelta: false, Missed: passed.Length)
            : new TopicRead(_version, some(state, keys), IsDelta: true);
    });
}
