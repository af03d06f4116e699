using Quorate.Core.Raft;
using Quorate.Core.Tests.Raft.Harness;

namespace Quorate.Core.Tests.Raft.Randomised;

/// <summary>
/// A cluster of three or five, with two spares, to which a seeded sequence of bad luck happens: messages lost, doubled and
/// reordered, links cut, processes killed between any two steps, saves delayed, members exchanged. Afterwards everything is
/// healed and the cluster must make progress.
/// </summary>
internal sealed class RandomRun
{
    /// <summary>Ticks within which a healed cluster has a leader and everybody has everything.</summary>
    public const int HealingTicks = 600;

    private const int MaxInFlight = 400;

    /// <summary>The events before this one are the cluster at work, not its trouble.</summary>
    private const int Steady = 6;

    private static readonly int[] Exaggeration = [0, 1, 1, 2, 5];

    private readonly Random _random;
    private readonly RaftCluster _cluster;
    private readonly SimNode[] _nodes;
    private readonly NodeId[] _ids;
    private readonly (int Weight, Action<SimNode> Act)[] _events;
    private readonly int _weights;
    private int _commands;
    private long _reads;

    public RandomRun(int seed)
    {
        _random = new Random(seed);
        _cluster = new RaftCluster(_random);
        var voters = _random.Next(2) == 0 ? 3 : 5;
        _ids = [.. Enumerable.Range(0, voters + 2).Select(i => new NodeId(((char)('a' + i)).ToString()))];
        var founding = RestoredState.Founding(Membership.Of(_ids.Take(voters)));
        var spare = RestoredState.Founding(Membership.Empty);
        var config = new RaftConfig
        {
            Id = _ids[0],
            HeartbeatTicks = 2,
            ElectionTicksMin = 6,
            ElectionTicksMax = 14,
            MaxAppendEntries = _random.Next(1, 6),
            MaxInflightAppends = _random.Next(1, 6),
            MaxCommittedEntries = _random.Next(1, 10),
            SnapshotChunkBytes = _random.Next(8, 64),
            ConnectionLostStaggerTicks = 2,
        };
        _nodes = [.. _ids.Select((id, i) => _cluster.Add(config with { Id = id }, i < voters ? founding : spare))];
        _events =
        [
            (400, Tick),
            (800, _ => Deliver()),
            (60, Propose),
            (30, Read),
            (40, Save),
            (12, Restart),
            (12, node => node.HoldSaves = !node.HoldSaves),
            (25, _ => Lose()),
            (25, _ => Duplicate()),
            (4, Cut),
            (3, _ => _cluster.Network.Heal()),
            (5, Crash),
            (6, node => _cluster.Act(node, _ => node.Compact(_random.Next(4)))),
            (3, Transfer),
            (4, Change),
            (3, LoseConnection),
            (1, node => _cluster.Act(node, raft => raft.Campaign())),
        ];

        // Each run leaves some kinds of trouble out and overdoes others: combinations that an even mixture would never reach.
        for (var i = Steady; i < _events.Length; i++)
        {
            _events[i].Weight *= Exaggeration[_random.Next(Exaggeration.Length)];
        }

        _weights = _events.Sum(each => each.Weight);
    }

    public Trace Trace => _cluster.Trace;

    public LogIndex Committed => _cluster.Check.HighestCommit;

    public void Misbehave(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var pick = _random.Next(_weights);
            var chosen = 0;
            while (pick >= _events[chosen].Weight)
            {
                pick -= _events[chosen++].Weight;
            }

            _events[chosen].Act(_nodes[_random.Next(_nodes.Length)]);
        }
    }

    /// <summary>Everything works again: somebody leads, a new command commits, and all members apply the same commands.</summary>
    public void HealAndProgress()
    {
        _cluster.Network.Heal();
        foreach (var node in _nodes)
        {
            node.HoldSaves = false;
            while (node.PendingSaves > 0)
            {
                _cluster.CompleteSave(node);
            }

            Restart(node);
        }

        _cluster.DeliverAll();
        var proposed = false;
        for (var tick = 0; tick < HealingTicks; tick++)
        {
            foreach (var node in _nodes)
            {
                _cluster.Tick(node);
            }

            _cluster.DeliverAll();
            var leader = Leader();
            if (leader is not null && !proposed)
            {
                _cluster.Act(leader, raft => proposed = raft.Propose(Scenarios.Scenario.Commands(["healed"])).Status == ProposeStatus.Accepted);
            }
            else if (leader is not null && Agree(leader))
            {
                return;
            }
        }

        Assert.Fail($"no progress within {HealingTicks} ticks: {string.Join("; ", _nodes.Select(Describe))}");
    }

    private SimNode? Leader() =>
        _nodes.Where(node => node.Raft!.Role == RaftRole.Leader).MaxBy(node => node.Raft!.Term);

    private bool Agree(SimNode leader)
    {
        var membership = leader.Raft!.Membership;
        return !membership.IsJoint
            && leader.Applied.LastOrDefault() == "healed"
            && _nodes.Where(node => membership.Contains(node.Id)).All(node => node.Applied.SequenceEqual(leader.Applied));
    }

    private static string Describe(SimNode node) =>
        $"{node.Id} {node.Raft!.Role} term {node.Raft.Term} commit {node.Raft.CommitIndex} of {node.Raft.LastIndex}, {node.Raft.Membership}, "
        + string.Join(' ', node.Raft.Members);

    private void Tick(SimNode node) => _cluster.Tick(node);

    private void Deliver()
    {
        var inFlight = _cluster.Network.InFlight;
        if (inFlight.Count > MaxInFlight)
        {
            inFlight.RemoveRange(0, MaxInFlight / 2);
        }

        if (inFlight.Count > 0)
        {
            // Mostly in order, now and then not.
            _cluster.Deliver(_random.Next(4) > 0 ? 0 : _random.Next(inFlight.Count));
        }
    }

    private void Lose()
    {
        var inFlight = _cluster.Network.InFlight;
        if (inFlight.Count > 0)
        {
            inFlight.RemoveAt(_random.Next(inFlight.Count));
        }

    }

    private void Duplicate()
    {
        var inFlight = _cluster.Network.InFlight;
        if (inFlight.Count > 0)
        {
            inFlight.Add(inFlight[_random.Next(inFlight.Count)]);
        }
    }

    private void Propose(SimNode node)
    {
        var leader = _cluster.Live.FirstOrDefault(each => each.Raft!.Role == RaftRole.Leader) ?? node;
        var batch = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"c{++_commands}").ToArray();
        _cluster.Act(leader, raft => raft.Propose(Scenarios.Scenario.Commands(batch)));
    }

    private void Read(SimNode node) => _cluster.Act(node, raft =>
    {
        _cluster.Check.ReadAsked(node, ++_reads);
        raft.ReadIndex(_reads);
    });

    private void Save(SimNode node)
    {
        if (node.PendingSaves > 0)
        {
            _cluster.CompleteSave(node);
        }
    }

    private void Cut(SimNode node)
    {
        var other = _nodes[_random.Next(_nodes.Length)];
        foreach (var each in _random.Next(3) == 0 ? _nodes : [other])
        {
            _cluster.Network.Cut(node.Id, each.Id);
            if (_random.Next(3) > 0)
            {
                _cluster.Network.Cut(each.Id, node.Id);
            }
        }
    }

    private void Crash(SimNode node)
    {
        var leader = _cluster.Live.FirstOrDefault(each => each.Raft!.Role == RaftRole.Leader);
        var victim = leader is not null && _random.Next(3) == 0 ? leader : node;
        if (victim.Raft is not null)
        {
            _cluster.Crash(victim);
        }
    }

    private void Restart(SimNode node)
    {
        if (node.Raft is null)
        {
            _cluster.Restart(node);
        }
    }

    private void Transfer(SimNode node) =>
        _cluster.Act(node, raft => raft.TransferLeadership(_random.Next(2) == 0 ? NodeId.None : _ids[_random.Next(_ids.Length)]));

    private void Change(SimNode node)
    {
        var shuffled = _ids.OrderBy(_ => _random.Next()).ToArray();
        var voters = _random.Next(1, _ids.Length);
        var learners = _random.Next(0, 3);
        _cluster.Act(node, raft => raft.ChangeMembership(shuffled.Take(voters), shuffled.Skip(voters).Take(learners)));
    }

    private void LoseConnection(SimNode node) =>
        _cluster.Act(node, raft => raft.ConnectionLost(_ids[_random.Next(_ids.Length)]));
}
