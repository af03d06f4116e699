using Quorate.Core.Raft;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>Everything that goes wrong with machines, networks and clocks, at random moments, until the world is healed.</summary>
internal sealed class Faults(World world, SeededRandom random)
{
    private const double CutLength = 800 * Duration.Millisecond;

    private readonly Operator _operator = new(world, random.Fork());
    private readonly DiskDamage _damage = new(world, random.Fork());

    private IReadOnlyList<SimNode> Nodes => world.Nodes;

    public void Start()
    {
        var rates = world.Swarm.Faults;
        Repeat(rates.Partition, Partition);
        Repeat(rates.Isolation, IsolateLeader);
        Repeat(rates.Reset, () => world.Network.Reset(random.Pick(Nodes).Id, random.Pick(Nodes).Id));
        Repeat(rates.Pause, () => Victim()?.Pause(random.Between(20, 2_000) * Duration.Millisecond));
        Repeat(rates.Crash, () => Victim()?.Crash(power: false));
        Repeat(rates.PowerLoss, () => Victim()?.Crash(power: true));
        Repeat(rates.FullDisk, FillDisk);
        Repeat(rates.FailedSync, () => random.Pick(Nodes).Disk.FailsNextSync = true);
        Repeat(rates.BitRot, () => _damage.Strike(random.Pick(Nodes)));
        Repeat(rates.ClockJump, JumpClock);
        Repeat(rates.Membership, _operator.ChangeMembers);
        Repeat(rates.Transfer, _operator.TransferLeadership);
        Repeat(rates.Campaign, _operator.ForceElection);
        Repeat(rates.GatewayReset, () => random.Pick(world.Gateways).LinkTo(random.Pick(Nodes).Id).Break(reconnect: true));
    }

    private void Repeat(long mean, Action strike)
    {
        if (mean > 0)
        {
            world.Time.After(random.Exponential(mean), () =>
            {
                if (world.Core is null)
                {
                    strike();
                    Repeat(mean, strike);
                }
            });
        }
    }

    // Leaders have more to lose.
    private SimNode? Victim()
    {
        var leader = Nodes.FirstOrDefault(node => node.Process?.Raft.Role == RaftRole.Leader);
        var victim = leader is not null && random.Chance(0.5) ? leader : random.Pick(Nodes);
        return victim.IsUp ? victim : null;
    }

    private void Partition()
    {
        var side = Nodes.Where(_ => random.Chance(0.5)).Select(node => node.Id).ToHashSet();
        var (there, back) = Directions();
        var cut = new List<(NodeId From, NodeId To)>();
        foreach (var a in side)
        {
            foreach (var b in Nodes.Select(node => node.Id).Where(id => !side.Contains(id)))
            {
                cut.AddRange(there ? [(a, b)] : []);
                cut.AddRange(back ? [(b, a)] : []);
            }
        }

        Cut(cut, $"[{string.Join(' ', side.Order())}] {(there ? "-x" : "<-")}{(back ? "x-" : "->")} the others");
    }

    private void IsolateLeader()
    {
        if (Nodes.FirstOrDefault(node => node.Process?.Raft.Role == RaftRole.Leader) is not { } leader)
        {
            return;
        }

        var (there, back) = Directions();
        var others = Nodes.Where(node => node != leader).Select(node => node.Id).ToList();
        Cut(
            [.. others.SelectMany(other => (there ? [(leader.Id, other)] : Array.Empty<(NodeId, NodeId)>()).Concat(back ? [(other, leader.Id)] : []))],
            $"leader {leader.Id} {(there ? "cannot send" : "can send")}, {(back ? "cannot hear" : "can hear")}");
    }

    private (bool There, bool Back) Directions() => random.Below(4) switch
    {
        0 => (true, false),
        1 => (false, true),
        _ => (true, true),
    };

    private void Cut(List<(NodeId From, NodeId To)> ways, string what)
    {
        world.Trace.Note($"cut: {what}");
        ways.ForEach(way => world.Network.Block(way.From, way.To));
        world.Time.After(random.Exponential(CutLength), () =>
        {
            if (world.Core is null)
            {
                world.Trace.Note($"mended: {what}");
                ways.ForEach(way => world.Network.Unblock(way.From, way.To));
            }
        });
    }

    private void FillDisk()
    {
        var node = random.Pick(Nodes);
        world.Trace.Note($"the disk of {node.Id} is full");
        node.Disk.IsFull = true;
        world.Time.After(random.Between(300, 3_000) * Duration.Millisecond, () => node.Disk.IsFull = false);
    }

    private void JumpClock()
    {
        var node = random.Pick(Nodes);
        var ms = random.Between(-60_000, 60_000) / (long)Math.Pow(10, random.Below(4));
        world.Trace.Note($"the clock of {node.Id} jumps by {ms} ms");
        node.Clock.Jump(ms);
    }
}
