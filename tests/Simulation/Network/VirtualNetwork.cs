using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Network;

/// <summary>Carries messages between nodes: late, lost, doubled, out of order, or not at all in one direction.</summary>
internal sealed class VirtualNetwork(World world, SeededRandom random)
{
    private readonly HashSet<(NodeId From, NodeId To)> _blocked = [];
    private readonly Dictionary<(NodeId From, NodeId To), long> _lastArrival = [];
    private readonly Dictionary<(NodeId, NodeId), int> _connections = [];
    private readonly Dictionary<(NodeId From, NodeId To), long> _ways = [];
    private readonly Dictionary<NodeId, long> _lag = [];

    /// <summary>No loss, no duplicates and short delays from now on.</summary>
    public bool IsHealed { get; set; }

    public void Send(Message message)
    {
        world.Check.Sent(message);
        if (_blocked.Contains((message.From, message.To)) || (!IsHealed && random.Chance(world.Swarm.Loss)))
        {
            return;
        }

        if (world.Swarm.Encodes)
        {
            var writer = new ByteWriter();
            MessageCodec.Write(writer, message);
            message = MessageCodec.Read(writer.ToArray());
        }

        Carry(message);
        if (!IsHealed && random.Chance(world.Swarm.Duplication))
        {
            Carry(message);
        }
    }

    public void Block(NodeId from, NodeId to) => _blocked.Add((from, to));

    public void Unblock(NodeId from, NodeId to) => _blocked.Remove((from, to));

    public void Heal()
    {
        _blocked.Clear();
        IsHealed = true;
    }

    /// <summary>The connection between two nodes breaks: what is on its way is lost, and both notice.</summary>
    public void Reset(NodeId a, NodeId b)
    {
        _connections[Pair(a, b)] = _connections.GetValueOrDefault(Pair(a, b)) + 1;
        world.Trace.Note($"connection {a} - {b} is reset");
        NoticeLoss(a, b);
        NoticeLoss(b, a);
    }

    /// <summary>Node <paramref name="observer"/> learns that its connection to <paramref name="lost"/> is gone, unless nothing reaches it from there.</summary>
    public void NoticeLoss(NodeId observer, NodeId lost)
    {
        if (!_blocked.Contains((lost, observer)))
        {
            world.Time.After(Delay(), () => world[observer].Process?.ConnectionLost(lost));
        }
    }

    /// <summary>How long something takes from one machine to another.</summary>
    public long Delay() => IsHealed
        ? random.Between(100, 1_000)
        : world.Swarm.DelayMin + random.Exponential(world.Swarm.DelayMean);

    /// <summary>Everything takes longer to reach a node, by as much as a slow way does, until <see cref="EndLag"/>.</summary>
    public void BeginLag(NodeId node) => _lag[node] = SlowWay();

    public void EndLag(NodeId node) => _lag.Remove(node);

    /// <summary>What a slow way takes on top of <see cref="Delay"/>.</summary>
    public long SlowWay() => random.Between(50, 400) * Duration.Millisecond;

    private void Carry(Message message)
    {
        var way = (message.From, message.To);
        var arrival = world.Time.Now + Delay() + ExtraDelay(way);
        if (!world.Swarm.Reorders)
        {
            arrival = Math.Max(arrival, _lastArrival.GetValueOrDefault(way) + 1);
            _lastArrival[way] = arrival;
        }

        var connection = _connections.GetValueOrDefault(Pair(message.From, message.To));
        world.Time.At(arrival, () =>
        {
            if (connection == _connections.GetValueOrDefault(Pair(message.From, message.To)))
            {
                world[message.To].Receive(message);
            }
        });
    }

    private long ExtraDelay((NodeId From, NodeId To) way)
    {
        if (!_ways.TryGetValue(way, out var extra))
        {
            _ways[way] = extra = random.Chance(world.Swarm.SlowWays) ? SlowWay() : 0;
        }

        return IsHealed ? 0 : extra + _lag.GetValueOrDefault(way.To);
    }

    private static (NodeId, NodeId) Pair(NodeId a, NodeId b) => a.CompareTo(b) < 0 ? (a, b) : (b, a);
}
