using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>
/// The properties of Raft figure 3, checked from what nodes hand out: election safety, log matching, leader completeness and
/// state machine safety; with them that times strictly increase, that commit and applied never go back, and that a confirmed
/// read sees everything that was committed when it was asked.
/// </summary>
internal sealed class Invariants(RaftCluster cluster)
{
    private readonly Dictionary<long, (NodeId Node, int Incarnation)> _leaders = [];
    private readonly HashSet<(NodeId, int, long Term)> _leading = [];
    private readonly Dictionary<(long Index, long Term), (Entry Entry, Term PreviousTerm)> _entries = [];
    private readonly Dictionary<long, Entry> _committed = [];
    private readonly Dictionary<(NodeId, int), (Term Term, LogIndex Commit, LogIndex Applied)> _progress = [];
    private readonly Dictionary<(NodeId, long), NodeId> _votes = [];
    private readonly Dictionary<(NodeId, int, long), LogIndex> _readsAsked = [];

    public LogIndex HighestCommit { get; private set; }

    public void Taken(SimNode node, Ready ready)
    {
        foreach (var entry in ready.Entries)
        {
            var previous = entry.Index.Previous;
            var before = previous > node.Log.Snapshot.Index ? node.Log[previous].Time : node.Log.Snapshot.Time;
            Assert.True(entry.Time > before, $"{node.Id}: time stands still at entry {entry.Index}");
        }

        foreach (var entry in ready.Committed)
        {
            Commit(node, entry);
        }
    }

    /// <summary>
    /// Entries reached a disk or another node: from now on nobody may hold another entry of that term at that index, or the same
    /// one after another entry. What a crash destroyed before is forgotten.
    /// </summary>
    public void Exists(NodeId holder, IReadOnlyList<Entry> entries, Term previousTerm)
    {
        foreach (var entry in entries)
        {
            var (known, knownPrevious) = (entry, previousTerm);
            if (!_entries.TryAdd((entry.Index.Value, entry.Term.Value), (entry, previousTerm)))
            {
                (known, knownPrevious) = _entries[(entry.Index.Value, entry.Term.Value)];
            }

            Assert.True(
                Same(entry, known) && previousTerm == knownPrevious,
                $"{holder}: entry {entry.Index} of term {entry.Term} is not the one that others hold under that name");
            previousTerm = entry.Term;
        }
    }

    /// <summary>
    /// No node votes for two candidates in one term, and no node speaks as the leader of a term that another, or itself before a
    /// crash, spoke for.
    /// </summary>
    public void Sent(Message message)
    {
        if (message is AppendRequest or HeartbeatRequest or SnapshotChunk or TimeoutNow)
        {
            var self = (message.From, cluster[message.From].Incarnation);
            var only = _leaders.TryAdd(message.Term.Value, self) || _leaders[message.Term.Value] == self;
            Assert.True(only, $"term {message.Term} is led by {_leaders[message.Term.Value]} and {self}");
        }

        if (message is AppendRequest append)
        {
            Exists(message.From, append.Entries, append.PreviousTerm);
        }

        if (message is VoteResponse { PreVote: false, Granted: true } vote)
        {
            var first = _votes.TryAdd((vote.From, vote.Term.Value), vote.To) || _votes[(vote.From, vote.Term.Value)] == vote.To;
            Assert.True(first, $"{vote.From} voted twice in term {vote.Term}: for {_votes[(vote.From, vote.Term.Value)]} and {vote.To}");
        }
    }

    public void Settled(SimNode node)
    {
        if (node.Raft is not { } raft)
        {
            return;
        }

        if (raft.Role == RaftRole.Leader)
        {
            Lead(node, raft);
        }

        var key = (node.Id, node.Incarnation);
        if (_progress.TryGetValue(key, out var before))
        {
            Assert.True(raft.Term >= before.Term, $"{node.Id} went back from term {before.Term} to {raft.Term}");
            Assert.True(raft.CommitIndex >= before.Commit, $"{node.Id} went back from commit {before.Commit} to {raft.CommitIndex}");
            Assert.True(node.AppliedIndex >= before.Applied, $"{node.Id} went back from applied {before.Applied} to {node.AppliedIndex}");
        }

        Assert.True(raft.CommitIndex <= raft.LastIndex, $"{node.Id} committed {raft.CommitIndex} beyond its log {raft.LastIndex}");
        _progress[key] = (raft.Term, raft.CommitIndex, node.AppliedIndex);
    }

    public void ReadAsked(SimNode node, long requestId) =>
        _readsAsked[(node.Id, node.Incarnation, requestId)] = HighestCommit;

    public void ReadAnswered(SimNode node, ReadState read)
    {
        var asked = _readsAsked[(node.Id, node.Incarnation, read.RequestId)];
        Assert.True(read.Index is not { } index || index >= asked,
            $"{node.Id} serves read {read.RequestId} at {read.Index} although {asked} was committed when it was asked");
    }

    private void Lead(SimNode node, RaftNode raft)
    {
        if (!_leading.Add((node.Id, node.Incarnation, raft.Term.Value)))
        {
            return;
        }

        cluster.Trace.Note($"{node.Id} leads term {raft.Term}");
        for (var index = node.Log.Snapshot.Index; index <= HighestCommit; index = index.Next)
        {
            var lost = index > LogIndex.Zero && _committed.TryGetValue(index.Value, out var entry) && node.Log.TermAt(index) != entry.Term;
            Assert.False(lost, $"{node.Id} leads term {raft.Term} without committed entry {index}");
        }
    }

    private void Commit(SimNode node, Entry entry)
    {
        HighestCommit = LogIndex.Max(HighestCommit, entry.Index);
        if (!_committed.TryAdd(entry.Index.Value, entry))
        {
            var known = _committed[entry.Index.Value];
            Assert.True(
                entry.Term == known.Term && Same(entry, known),
                $"{node.Id} commits entry {entry.Index} of term {entry.Term}; it was committed with term {known.Term}");
        }
    }

    private static bool Same(Entry a, Entry b) =>
        ReferenceEquals(a, b) || (a.Time == b.Time && a.Kind == b.Kind && a.Data.Span.SequenceEqual(b.Data.Span));
}
