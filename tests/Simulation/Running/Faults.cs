using Quorate.Core.Raft;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>Everything that goes wrong with machines, networks and clocks, at random moments, until the world is healed.</summary>
internal sealed class Faults
{
    private const double CutLength = 800 * Duration.Millisecond;
    private const double EarlyDeathAfter = 60 * Duration.Millisecond;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly DiskDamage _damage;

    public Faults(World world, SeededRandom random)
    {
        _world = world;
        _random = random;
        Operator = new Operator(world, random.Fork());
        _damage = new DiskDamage(world, Operator, random.Fork());
    }

    public Operator Operator { get; }

    private IReadOnlyList<SimNode> Nodes => _world.Nodes;

    public void Start()
    {
        var rates = _world.Swarm.Faults;
        _world.LeaderElected = DieEarly;
        Repeat(rates.Partition, Partition);
        Repeat(rates.Isolation, IsolateLeader);
        Repeat(rates.Lag, LagLeader);
        Repeat(rates.Reset, () => _world.Network.Reset(_random.Pick(Nodes).Id, _random.Pick(Nodes).Id));
        Repeat(rates.Pause, () => Victim()?.Pause(_random.Between(20, 2_000) * Duration.Millisecond));
        Repeat(rates.Crash, () => Victim()?.Crash(power: false));
        Repeat(rates.PowerLoss, () => Victim()?.Crash(power: true));
        Repeat(rates.FullDisk, FillDisk);
        Repeat(rates.FailedSync, () => _random.Pick(Nodes).Disk.FailsNextSync = true);
        Repeat(rates.BitRot, () => _damage.Strike(_random.Pick(Nodes)));
        Repeat(rates.ClockJump, JumpClock);
        Repeat(rates.Membership, Operator.ChangeMembers);
        Repeat(rates.Transfer, Operator.TransferLeadership);
        Repeat(rates.Campaign, Operator.ForceElection);
        Repeat(rates.GatewayReset, () => _random.Pick(_world.Gateways).LinkTo(_random.Pick(Nodes).Id).Break(reconnect: true));
    }

    private void DieEarly(SimNode leader)
    {
        if (_world.Core is null && _random.Chance(_world.Swarm.Faults.EarlyDeath))
        {
            var incarnation = leader.Incarnation;
            _world.Time.After(_random.Exponential(EarlyDeathAfter), () =>
            {
                if (_world.Core is null && leader.Incarnation == incarnation && leader.IsUp)
                {
                    leader.Crash(power: false);
                }
            });
        }
    }

    private void Repeat(long mean, Action strike)
    {
        if (mean > 0)
        {
            _world.Time.After(_random.Exponential(mean), () =>
            {
                if (_world.Core is null)
                {
                    strike();
                    Repeat(mean, strike);
                }
            });
        }
    }

    private SimNode? Leader() => Nodes.Where(node => node.Process?.Raft.Role == RaftRole.Leader).MaxBy(node => node.Process!.Raft.Term);

    // Leaders have more to lose.
    private SimNode? Victim()
    {
        var leader = Leader();
        var victim = leader is not null && _random.Chance(0.5) ? leader : _random.Pick(Nodes);
        return victim.IsUp ? victim : null;
    }

    private void Partition()
    {
        var side = Nodes.Where(_ => _random.Chance(0.5)).Select(node => node.Id).ToHashSet();
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
        if (Leader() is not { } leader)
        {
            return;
        }

        var (there, back) = Directions();
        var others = Nodes.Where(node => node != leader && _random.Chance(0.8)).Select(node => node.Id).ToList();
        Cut(
            [.. others.SelectMany(other => (there ? [(leader.Id, other)] : Array.Empty<(NodeId, NodeId)>()).Concat(back ? [(other, leader.Id)] : []))],
            $"leader {leader.Id} {(there ? "cannot send" : "can send")}, {(back ? "cannot hear" : "can hear")}");
    }

    private void LagLeader()
    {
        if (Leader() is { } leader)
        {
            _world.Trace.Note($"everything reaches leader {leader.Id} late");
            _world.Network.BeginLag(leader.Id);
            _world.Time.After(_random.Exponential(CutLength), () => _world.Network.EndLag(leader.Id));
        }
    }

    private (bool There, bool Back) Directions() => _random.Below(4) switch
    {
        0 => (true, false),
        1 => (false, true),
        _ => (true, true),
    };

    private void Cut(List<(NodeId From, NodeId To)> ways, string what)
    {
        _world.Trace.Note($"cut: {what}");
        ways.ForEach(way => _world.Network.Block(way.From, way.To));
        _world.Time.After(_random.Exponential(CutLength), () =>
        {
            if (_world.Core is null)
            {
                _world.Trace.Note($"mended: {what}");
                ways.ForEach(way => _world.Network.Unblock(way.From, way.To));
            }
        });
    }

    private void FillDisk()
    {
        var node = _random.Pick(Nodes);
        _world.Trace.Note($"the disk of {node.Id} is full");
        node.Disk.IsFull = true;
        _world.Time.After(_random.Between(300, 3_000) * Duration.Millisecond, () => node.Disk.IsFull = false);
    }

    private void JumpClock()
    {
        var node = _random.Pick(Nodes);
        var ms = _random.Between(-60_000, 60_000) / (long)Math.Pow(10, _random.Below(4));
        _world.Trace.Note($"the clock of {node.Id} jumps by {ms} ms");
        node.Clock.Jump(ms);
    }
}
