using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>
/// The properties of Raft figure 3 and what follows from them, checked after every step from what nodes say, save, commit and apply.
/// Each check looks only at what just changed.
/// </summary>
internal sealed class ClusterInvariants
{
    private readonly World _world;
    private readonly LogWitness _log = new();
    private readonly Oracle _oracle = new();
    private readonly Dictionary<long, (NodeId Node, int Incarnation)> _leaders = [];
    private readonly Dictionary<(NodeId Node, long Term), NodeId> _votes = [];
    private readonly HashSet<(NodeId Node, int Incarnation, long Term)> _checkedLeaders = [];
    private readonly Dictionary<NodeId, LogIndex> _applied = [];
    private readonly Dictionary<NodeId, (Term Term, LogIndex Commit)> _progress = [];

    public ClusterInvariants(World world)
    {
        _world = world;
        _oracle.State.Mutation = world.Swarm.Mutation;
    }

    public LogIndex HighestCommit => _log.HighestCommit;

    /// <summary>Terms that somebody led.</summary>
    public int Elections => _leaders.Count;

    public Oracle Oracle => _oracle;

    /// <summary>Configurations that may still count: the newest committed one, and any that stands in a log after it.</summary>
    public IEnumerable<Membership> LiveMemberships =>
        _log.LiveMemberships.Concat(_world.Nodes.Where(node => node.IsUp).Select(node => node.Process!.Raft.Membership)).Where(m => m.Voters.Count > 0);

    public void Founded(Membership membership) => _log.Founded(membership);

    public void Sent(Message message)
    {
        switch (message)
        {
            case AppendRequest append:
                Speaks(message);
                _log.Exists(append.From, append.Entries, append.PreviousTerm);
                break;
            case HeartbeatRequest or SnapshotChunk or TimeoutNow:
                Speaks(message);
                break;
            case VoteResponse { PreVote: false, Granted: true } vote:
                _votes.TryAdd((vote.From, vote.Term.Value), vote.To);
                var first = _votes[(vote.From, vote.Term.Value)];
                SimulationFailure.Unless(first == vote.To, Invariant.OneVotePerTerm, $"{vote.From} votes for {vote.To} in term {vote.Term} after voting for {first}");
                break;
        }
    }

    /// <summary>A log was read after a start.</summary>
    public static void Recovered(SimNode node, RecoveredLog log)
    {
        var (found, promised) = (log.HardState, node.Promised);
        SimulationFailure.Unless(
            found.Term > promised.Term || (found.Term == promised.Term && (promised.VotedFor.IsNone || found.VotedFor == promised.VotedFor)),
            Invariant.Durability,
            $"{node.Id} comes back with term {found.Term}, vote {found.VotedFor}; it had saved term {promised.Term}, vote {promised.VotedFor}");
    }

    public void Restored(SimNode node, RestoredState restored, ClusterState state)
    {
        _applied[node.Id] = restored.Snapshot.Index;
        _progress.Remove(node.Id);
        if (restored.Snapshot.Index > LogIndex.Zero)
        {
            _oracle.Compare(node.Id, state.Freeze(), restored.Snapshot.Index);
        }
    }

    /// <summary>A save is durable.</summary>
    public void Saved(SimNode node, SaveJob job)
    {
        if (job.Entries.Count > 0)
        {
            _log.Exists(node.Id, job.Entries, previousTerm: null);
        }
    }

    /// <summary>Entries were handed out to be applied.</summary>
    public void Committed(SimNode node, IReadOnlyList<Entry> entries, Term term)
    {
        foreach (var entry in entries)
        {
            if (_log.Commit(node.Id, entry, term))
            {
                _oracle.Apply(entry);
                _world.Trace.Note(entry.Index.Value, entry.Term.Value, 2, $"entry {entry.Index} of term {entry.Term} is committed ({entry.Kind})");
            }
        }
    }

    /// <summary>A node's loop has come to rest.</summary>
    public void Settled(SimNode node, RaftNode raft)
    {
        if (_progress.TryGetValue(node.Id, out var before) && (raft.Term < before.Term || raft.CommitIndex < before.Commit))
        {
            throw new SimulationFailure(
                Invariant.AppliedInOrder, $"{node.Id} went back from term {before.Term}, commit {before.Commit} to {raft.Term}, {raft.CommitIndex}");
        }

        _progress[node.Id] = (raft.Term, raft.CommitIndex);
        SimulationFailure.Unless(raft.CommitIndex <= raft.LastIndex, Invariant.AppliedInOrder, $"{node.Id} commits {raft.CommitIndex} beyond its log {raft.LastIndex}");
        if (raft.Role == RaftRole.Leader && _checkedLeaders.Add((node.Id, node.Incarnation, raft.Term.Value)))
        {
            _log.CheckComplete(node.Id, raft);
        }
    }

    public void Applied(SimNode node, IReadOnlyList<Entry> entries, Func<FrozenState> state)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var before = _applied[node.Id];
        SimulationFailure.Unless(entries[0].Index == before.Next, Invariant.AppliedInOrder, $"{node.Id} applies {entries[0].Index} after {before}");
        var after = entries[^1].Index;
        _applied[node.Id] = after;
        if (Oracle.IsSample(before, after))
        {
            _oracle.Compare(node.Id, state(), after);
        }
    }

    /// <summary>A snapshot took the place of a node's state.</summary>
    public void AppliedSnapshot(SimNode node, FrozenState state)
    {
        SimulationFailure.Unless(
            state.AppliedIndex >= _applied[node.Id], Invariant.AppliedInOrder, $"{node.Id} goes back from {_applied[node.Id]} to a snapshot at {state.AppliedIndex}");
        _applied[node.Id] = state.AppliedIndex;
        _oracle.Compare(node.Id, state, state.AppliedIndex);
    }

    private void Speaks(Message message)
    {
        var speaker = (message.From, _world[message.From].Incarnation);
        _leaders.TryAdd(message.Term.Value, speaker);
        var leader = _leaders[message.Term.Value];
        SimulationFailure.Unless(leader == speaker, Invariant.ElectionSafety, $"{speaker} speaks as the leader of term {message.Term}, which {leader} leads");
    }
}
