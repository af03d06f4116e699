using Quorate.Core.Raft;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>Remembers every entry that reached a disk or another node, and every one that was committed.</summary>
internal sealed class LogWitness
{
    private readonly Dictionary<(long Index, long Term), (Entry Entry, Term? PreviousTerm)> _entries = [];
    private readonly List<(Entry Entry, Term CommittedIn)> _committed = [];
    private readonly SortedDictionary<long, List<Membership>> _memberships = [];

    public LogIndex HighestCommit => new(_committed.Count);

    public IEnumerable<Membership> LiveMemberships => _memberships.Values.SelectMany(each => each);

    public void Founded(Membership membership) => _memberships[0] = [membership];

    /// <summary>
    /// From now on nobody may hold another entry of that term at that index, or the same one after another entry. What a crash
    /// destroyed before anybody saw it is forgotten.
    /// </summary>
    /// <param name="previousTerm">Of the entry before the first; null when it is not known.</param>
    public void Exists(NodeId holder, IReadOnlyList<Entry> entries, Term? previousTerm)
    {
        foreach (var entry in entries)
        {
            var key = (entry.Index.Value, entry.Term.Value);
            if (!_entries.TryGetValue(key, out var known))
            {
                _entries[key] = (entry, previousTerm);
                NoteMembership(entry);
            }
            else
            {
                var samePrevious = previousTerm is null || known.PreviousTerm is null || previousTerm == known.PreviousTerm;
                SimulationFailure.Unless(
                    samePrevious && Same(entry, known.Entry),
                    Invariant.LogMatching,
                    $"{holder}: entry {entry.Index} of term {entry.Term} is not the one that others hold under that name");
                if (known.PreviousTerm is null && previousTerm is not null)
                {
                    _entries[key] = (known.Entry, previousTerm);
                }
            }

            previousTerm = entry.Term;
        }
    }

    /// <returns>Whether the entry is the first committed at its index.</returns>
    public bool Commit(NodeId node, Entry entry, Term term)
    {
        var position = (int)entry.Index.Value - 1;
        if (position < _committed.Count)
        {
            var known = _committed[position].Entry;
            SimulationFailure.Unless(
                known.Term == entry.Term && Same(known, entry),
                Invariant.StateMachineSafety,
                $"{node} commits entry {entry.Index} of term {entry.Term}; it was committed with term {known.Term}");
            return false;
        }

        SimulationFailure.Unless(position == _committed.Count, Invariant.StateMachineSafety, $"{node} commits entry {entry.Index}; nobody has committed {_committed.Count + 1}");
        SimulationFailure.Unless(
            position == 0 || entry.Time > _committed[^1].Entry.Time, Invariant.TimeIncreases, $"{node}: time stands still at entry {entry.Index}");
        _committed.Add((entry, term));
        if (entry.Kind == EntryKind.Membership)
        {
            ForgetMembershipsBefore(entry);
        }

        return true;
    }

    /// <summary>A new leader holds everything that was committed in terms before its own.</summary>
    public void CheckComplete(NodeId node, RaftNode raft)
    {
        for (var position = (int)raft.Snapshot.Index.Value; position < _committed.Count; position++)
        {
            var (entry, committedIn) = _committed[position];
            SimulationFailure.Unless(
                committedIn >= raft.Term || raft.TermAt(entry.Index) == entry.Term,
                Invariant.LeaderCompleteness,
                $"{node} leads term {raft.Term} without entry {entry.Index}, which was committed in term {committedIn}");
        }
    }

    private void NoteMembership(Entry entry)
    {
        if (entry.Kind == EntryKind.Membership && entry.Index > HighestCommit)
        {
            if (!_memberships.TryGetValue(entry.Index.Value, out var at))
            {
                _memberships[entry.Index.Value] = at = [];
            }

            at.Add(RaftDataCodec.DecodeMembership(entry.Data));
        }
    }

    private void ForgetMembershipsBefore(Entry committed)
    {
        foreach (var index in _memberships.Keys.Where(index => index <= committed.Index.Value).ToArray())
        {
            _memberships.Remove(index);
        }

        _memberships[committed.Index.Value] = [RaftDataCodec.DecodeMembership(committed.Data)];
    }

    private static bool Same(Entry a, Entry b) =>
        ReferenceEquals(a, b) || (a.Time == b.Time && a.Kind == b.Kind && a.Data.Span.SequenceEqual(b.Data.Span));
}
