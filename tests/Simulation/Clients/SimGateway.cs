using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;
using Quorate.Simulation.Invariants;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// A gateway: follows the leader's committed log with a mirror, by the rules of <see cref="ClusterClient"/> and on virtual time.
/// Writes and reads are in files of their own, as they are there.
/// </summary>
internal sealed partial class SimGateway
{
    private const long SweepInterval = 20 * Duration.Millisecond;
    private const long Timeout = 1_500 * Duration.Millisecond;

    private readonly World _world;
    private readonly NodeId _name;
    private readonly Dictionary<NodeId, SimLink> _links;
    private readonly List<StateEvent> _events = [];
    private readonly KvChangeLog _keyChanges = new();
    private readonly long _clientId;

    private ClusterState _mirror;
    private SimLink? _leader;
    private Term _leaderTerm;

    public SimGateway(World world, int number, SeededRandom random)
    {
        _world = world;
        _name = new NodeId($"gateway{number}");
        _links = world.Nodes.ToDictionary(node => node.Id, node => new SimLink(world, this, node, random.Chance(world.Swarm.SlowLinks) ? world.Network.SlowWay() : 0));
        _clientId = (long)random.NextUInt64() | 1;
        _mirror = new ClusterState { Mutation = world.Swarm.Mutation };
        world.Time.After(random.Between(0, SweepInterval), Sweep);
    }

    public SimLink LinkTo(NodeId node) => _links[node];

    /// <summary>For a watcher of the keys with a prefix.</summary>
    public KvWatch Watch(string prefix) => new(prefix, _keyChanges);

    public void OnStatus(SimLink link, RaftRole role, Term term)
    {
        if (role == RaftRole.Leader && term >= _leaderTerm && (link != _leader || term != _leaderTerm))
        {
            if (_leader is not null && _leader != link)
            {
                _leader.Unfollow();
            }

            _leader = link;
            _leaderTerm = term;
            _world.Trace.Note($"{_name} follows {link.Id} in term {term} from {_mirror.AppliedIndex}");
            link.Follow(_mirror.AppliedIndex);
            SendParked();
        }
        else if (link == _leader && role != RaftRole.Leader)
        {
            LoseLeader();
        }
    }

    public void OnDown(SimLink link)
    {
        if (link == _leader)
        {
            LoseLeader();
        }
    }

    public void OnEntries(SimLink link, IReadOnlyList<Entry> entries)
    {
        var before = _mirror.AppliedIndex;
        _hasParked |= !CanSend;
        foreach (var entry in entries)
        {
            if (entry.Index == _mirror.AppliedIndex.Next)
            {
                Apply(entry);
            }
            else if (entry.Index > _mirror.AppliedIndex)
            {
                // Something between was lost on the way: ask again from where the mirror stands.
                link.Follow(_mirror.AppliedIndex);
                break;
            }
        }

        if (Oracle.IsSample(before, _mirror.AppliedIndex))
        {
            _world.Check.Oracle.Compare(_name, _mirror.Freeze(), _mirror.AppliedIndex);
        }

        Publish(restored: false);
        if (_hasParked)
        {
            _hasParked = false;
            SendParked();
        }
    }

    public void OnState(FrozenState state)
    {
        if (state.AppliedIndex < _mirror.AppliedIndex)
        {
            return;
        }

        _mirror = StateSnapshot.Read(state.Records());
        _mirror.Mutation = _world.Swarm.Mutation;
        _events.Clear();
        SettleAfterRestore();
        Publish(restored: true);
        SendParked();
    }

    private void Apply(Entry entry)
    {
        var result = _mirror.Apply(entry, _events, out var request);
        if (request.Client == _clientId)
        {
            Answer(request.Number, result);
        }

        if (entry.Kind == EntryKind.TermStart)
        {
            RepeatLost(entry.Term);
        }
    }

    private void Publish(bool restored)
    {
        _keyChanges.Note(new MirrorChange(_mirror, _events, restored));
        foreach (var change in _events)
        {
            if (change is IWaitEnded ended)
            {
                AnswerWaiting(ended.Ticket, ended.Result);
            }
        }

        _events.Clear();
        ReleaseReads();
    }

    private void LoseLeader()
    {
        _leader = null;
        FailOverReads();
    }

    private void Sweep()
    {
        ExpireWrites();
        ExpireReads();
        SendParked();
        _world.Time.After(SweepInterval, Sweep);
    }
}
