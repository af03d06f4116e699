using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Kv;

/// <summary>Changes told once more, out of what is kept of them: for a watch that goes on where nobody saw the changes happen.</summary>
public sealed partial class KvTable
{
    /// <summary>
    /// From so many earlier revisions on a key may have dropped one: the ring is full, or was until its end was taken back
    /// (<see cref="Reopened"/>).
    /// </summary>
    private const int MayHaveDropped = KvHistory.Capacity - 1;

    /// <summary>
    /// Every change of the keys with a prefix after a revision, in the order of the log; within one entry, in the order of keys and only
    /// what it made of each.
    /// </summary>
    /// <param name="limit">Changes at most.</param>
    /// <returns>Null when not all of them are known any more, or there are more than <paramref name="limit"/>.</returns>
    /// <remarks>
    /// Complete when nothing that was replaced after the revision is forgotten: not for the sake of all keys together
    /// (<see cref="ForgottenThrough"/>), nor of one key in favour of its newer revisions.
    /// </remarks>
    public List<StateEvent.KvChanged>? ChangesSince(string prefix, long revision, int limit)
    {
        if (revision < ForgottenThrough)
        {
            return null;
        }

        var changes = new List<StateEvent.KvChanged>();
        foreach (var item in Range(prefix))
        {
            if (item.Past is { } past && !TryTell(item.Key, past, revision, item.CreateRevision, changes))
            {
                return null;
            }

            if (item.Revision > revision)
            {
                changes.Add(new StateEvent.KvChanged(item.Key, item.Revision, KvChange.Put, item, item.Past?.Reason));
            }

            if (changes.Count > limit)
            {
                return null;
            }
        }

        foreach (var (key, past) in _ended.From(prefix))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                break;
            }

            if (!TryTell(key, past, revision, createRevision: 0, changes) || changes.Count > limit)
            {
                return null;
            }
        }

        // Stable: what one entry did stays in the order of keys.
        return [.. changes.OrderBy(change => change.Revision)];
    }

    /// <param name="createRevision">Of the life that the key is in now; earlier ones are told by their first revision, where it is kept.</param>
    /// <returns>False when a change after the revision is no longer known.</returns>
    private static bool TryTell(string key, KvHistory past, long revision, long createRevision, List<StateEvent.KvChanged> changes)
    {
        if (past.Count == 0 || past.Newest.Until <= revision)
        {
            return true;
        }

        if (past.Count >= MayHaveDropped && past.Oldest.ToRevision().Revision > revision)
        {
            return false;
        }

        var lastEnd = LastEnd(past);
        var created = 0L;
        for (var i = 0; i < past.Count; i++)
        {
            var entry = past[i].ToRevision();
            created = i > lastEnd && createRevision > 0 ? createRevision : entry.Version == 1 ? entry.Revision : entry.Version == 0 ? 0 : created;
            if (entry.Revision > revision)
            {
                changes.Add(new StateEvent.KvChanged(
                    key, entry.Revision, entry.Change, past[i].Item is { } item ? item with { CreateRevision = created, Past = null } : null, entry.Reason));
            }
        }

        return true;
    }

    private static int LastEnd(KvHistory past)
    {
        for (var i = past.Count - 1; i >= 0; i--)
        {
            if (past[i].End is not null)
            {
                return i;
            }
        }

        return -1;
    }
}
