using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>An operator who exchanges members, hands leadership over and forces elections, without looking much.</summary>
internal sealed class Operator(World world, SeededRandom random)
{
    private readonly HashSet<NodeId> _wanted = [];
    private readonly HashSet<NodeId> _retired = [];

    /// <summary>What may yet become of a configuration because of what was asked for.</summary>
    public IEnumerable<Membership> Possible(Membership now) =>
        _wanted.Count == 0 && _retired.Count == 0
            ? []
            : [
                Membership.Of(now.Voters.Union(_wanted)),
                Membership.Of(now.Voters.Except(_retired)),
                Membership.Of(now.Voters.Union(_wanted).Except(_retired)),
            ];

    public void ChangeMembers()
    {
        if (world.Swarm.RegistersMembers)
        {
            RegisterOrRetire();
        }
        else
        {
            Leader()?.Process!.Ask(Reconfigure);
        }
    }

    public void TransferLeadership()
    {
        if (Leader() is { } leader)
        {
            var target = random.Chance(0.3) ? NodeId.None : random.Pick(world.Nodes).Id;
            leader.Process!.Ask(raft =>
            {
                world.Trace.Note($"{leader.Id} is to hand leadership to {target}");
                raft.TransferLeadership(target);
            });
        }
    }

    public void ForceElection() => random.Pick(world.Nodes).Process?.Ask(raft => raft.Campaign());

    private SimNode? Leader() => world.Nodes.FirstOrDefault(node => node.Process?.Raft.Role == RaftRole.Leader);

    /// <summary>As an operator has it: what is wanted is a command, and the leader makes it so, one node at a time.</summary>
    private void RegisterOrRetire()
    {
        var node = random.Pick(world.Nodes);
        var founders = world.Nodes.Take(world.Swarm.Founders).ToList();
        var gateway = random.Pick(world.Gateways);
        if (!founders.Contains(node) && !_retired.Contains(node.Id))
        {
            world.Trace.Note($"{node.Id} is wanted");
            _wanted.Add(node.Id);
            gateway.Execute(new NodeRegister(node.Id.Value, $"{node.Id}:1", "here", random.Chance(0.8)), null, null, _ => { });
        }
        else if (_retired.Count == 0 && world.Swarm.Founders > 3 && (world.Swarm.Faults.BitRot == 0 || node.IsLost))
        {
            // One is enough: whatever else happens, the voters that are left have a majority.
            _retired.Add(node.Id);
            world.Trace.Note($"{node.Id} is to leave");
            gateway.Execute(new NodeRetire(node.Id.Value), null, null, _ => { });
        }
    }

    /// <summary>Any number of members at once. Only healthy nodes are added: what a majority needs must not be lost for good.</summary>
    private void Reconfigure(RaftNode raft)
    {
        var healthy = world.Nodes.Where(node => !node.IsLost && !node.IsDamaged).Select(node => node.Id).ToList();
        var order = healthy.OrderBy(_ => random.NextUInt64()).ToList();
        var count = Math.Min(order.Count, random.Pick([2, 3, 3, 3, 4, 5]));
        var voters = order[..count];
        var learners = order[count..].Where(_ => random.Chance(0.5)).ToList();
        var result = raft.ChangeMembership(voters, learners);
        world.Trace.Note($"{raft.Id} is to change to voters [{string.Join(' ', voters)}], learners [{string.Join(' ', learners)}]: {result.Status}");
    }
}
