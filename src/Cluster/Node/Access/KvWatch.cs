using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Node.Access;

/// <summary>
/// What one watcher of the keys with a prefix is told: every single change, one by one and in order. Its versions are revisions: whoever
/// resumes from the last one told misses nothing and is told nothing twice, whichever mirror answers. Changes from before the mirror
/// began, or further back than its memory of them, are told out of the keys' history (<see cref="KvTable.ChangesSince"/>).
/// </summary>
/// <remarks>One instance serves one watcher: what is told out of the history takes several steps. Guarded by the mirror's lock.</remarks>
public sealed class KvWatch(string prefix, KvChangeLog log)
{
    /// <summary>Changes of one step, and the bytes of their values; all that one entry of the log changed stays together.</summary>
    private const int MaxChanges = 500;

    private const long MaxBytes = 1L << 20;

    /// <summary>Where nothing of the prefix changes for so many revisions, the watcher is told how far it is, so that it can resume from there.</summary>
    private const long Quiet = KvChangeLog.Capacity / 4;

    private Replay? _replay;

    /// <param name="state">The mirror.</param>
    /// <param name="version">How far the watcher is.</param>
    /// <returns>Null when there is nothing to tell.</returns>
    public KvWatchStep? Next(ClusterState state, long version)
    {
        var applied = state.AppliedIndex.Value;
        if (version > applied)
        {
            return new KvWatchStep(applied, Changes: null);
        }

        if (version >= log.Since)
        {
            _replay = null;
            return Next(Changes(log.After(version)), applied, version);
        }

        if (_replay?.Reached != version)
        {
            _replay = state.Kv.ChangesSince(prefix, version, KvChangeLog.Capacity) is { } changes ? new Replay(changes, applied) : null;
        }

        if (_replay is null)
        {
            return new KvWatchStep(applied, Changes: null);
        }

        return Next(_replay.Rest, _replay.Until, version) is { } next ? _replay.Told(next)
            : _replay.Until > version ? _replay.Told(new KvWatchStep(_replay.Until, []))
            : null;
    }

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
    private static KvWatchStep? Next(IEnumerable<StateEvent.KvChanged> rest, long until, long version)
    {
        var changes = new List<StateEvent.KvChanged>();
        long bytes = 0;
        foreach (var change in rest)
        {
            if ((changes.Count >= MaxChanges || bytes >= MaxBytes) && change.Revision != changes[^1].Revision)
            {
                return new KvWatchStep(changes[^1].Revision, changes, HasMore: true);
            }

            changes.Add(change);
            bytes += change.Item?.Value.Length ?? 0;
        }

        return changes.Count > 0 || until - version >= Quiet ? new KvWatchStep(until, changes) : null;
    }

    /// <summary>Changes out of the history, and how far they have been told.</summary>
    /// <param name="until">The last entry of the log that they take account of.</param>
    private sealed class Replay(List<StateEvent.KvChanged> changes, long until)
    {
        private int _told;

        public long Until => until;

        /// <summary>The version that the watcher has after the last step; -1 before the first.</summary>
        public long Reached { get; private set; } = -1;

        public IEnumerable<StateEvent.KvChanged> Rest => changes.Skip(_told);

        public KvWatchStep Told(KvWatchStep step)
        {
            _told += step.Changes!.Count;
            Reached = step.Version;
            return step;
        }
    }
}

/// <summary>What a watcher is told next.</summary>
/// <param name="Version">Where it brings the watcher to.</param>
/// <param name="Changes">Null when not all of them are known any more: the watcher begins anew with what the keys hold.</param>
/// <param name="HasMore">There is more than fits into one step: ask again at once.</param>
public sealed record KvWatchStep(long Version, IReadOnlyList<StateEvent.KvChanged>? Changes, bool HasMore = false);
