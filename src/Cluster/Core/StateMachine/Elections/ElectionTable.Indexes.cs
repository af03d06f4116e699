using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Elections;

/// <summary>The indexes beside the elections, kept in step by <see cref="Store"/>, and what they are for: expiry, the end of sessions, forgetting.</summary>
public sealed partial class ElectionTable
{
    // Derived from the elections, rebuilt when a snapshot is read.
    private readonly ExpiryIndex<(string Election, string Candidate)> _expiry = new(Comparer<(string, string)>.Create(ComparePair));
    private readonly SortedSet<(long Session, string Election, string Candidate)> _bySession = new(Comparer<(long, string, string)>.Create(CompareBound));
    private readonly SortedSet<(HlcTimestamp Since, string Election)> _idle = new(Comparer<(HlcTimestamp, string)>.Create(CompareIdle));

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var due))
        {
            Store(Without(Get(due.Election)!, due.Candidate, TermEnd.Expired, context), context);
        }
    }

    /// <summary>Ends the candidacies that were bound to a session.</summary>
    internal void EndSession(long session, in ApplyContext context)
    {
        foreach (var (_, election, candidate) in _bySession.GetViewBetween((session, "", ""), (session + 1, "", "")).ToList())
        {
            if (Get(election) is { } state && state.Candidates.Any(each => each.Name == candidate && each.Session == session))
            {
                Store(Without(state, candidate, TermEnd.SessionEnded, context), context);
            }
        }
    }

    internal void Restore(ElectionState state)
    {
        _elections.Set(state.Name, state);
        Index(state, add: true);
    }

    private void Store(ElectionState state, in ApplyContext context)
    {
        if (Get(state.Name) is { } previous)
        {
            Index(previous, add: false);
        }

        _elections.Set(state.Name, state);
        Index(state, add: true);
        context.Events.Add(new StateEvent.ElectionChanged(state.Name));

        // One whose token is ahead of the log waits its turn a moment longer, so that no later term gets the same.
        while (_idle.Count > KeptIdle && Get(_idle.Min.Election) is { } oldest && oldest.NewestToken <= context.Index)
        {
            Index(oldest, add: false);
            _elections.Remove(oldest.Name);
            context.Events.Add(new StateEvent.ElectionChanged(oldest.Name));
        }
    }

    private void Index(ElectionState state, bool add)
    {
        foreach (var candidate in state.Candidates)
        {
            var key = (state.Name, candidate.Name);
            if (add)
            {
                _expiry.Add(candidate.ExpiresAt, key);
            }
            else
            {
                _expiry.Remove(candidate.ExpiresAt, key);
            }

            if (candidate.Session is { } session)
            {
                Set(_bySession, (session, state.Name, candidate.Name), add);
            }
        }

        if (state.Leader is null && state.Past is [.., var last])
        {
            Set(_idle, (last.To, state.Name), add);
        }
    }

    private static void Set<T>(SortedSet<T> set, T item, bool add)
    {
        if (add)
        {
            set.Add(item);
        }
        else
        {
            set.Remove(item);
        }
    }

    private static int ComparePair((string, string) a, (string, string) b)
    {
        var byFirst = string.CompareOrdinal(a.Item1, b.Item1);
        return byFirst != 0 ? byFirst : string.CompareOrdinal(a.Item2, b.Item2);
    }

    private static int CompareBound((long Session, string Election, string Candidate) a, (long Session, string Election, string Candidate) b)
    {
        var bySession = a.Session.CompareTo(b.Session);
        return bySession != 0 ? bySession : ComparePair((a.Election, a.Candidate), (b.Election, b.Candidate));
    }

    private static int CompareIdle((HlcTimestamp Since, string Election) a, (HlcTimestamp Since, string Election) b)
    {
        var byTime = a.Since.CompareTo(b.Since);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.Election, b.Election);
    }
}
