using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>
/// Raft nodes in one thread, with a network and disks that do what the test says. The same calls give the same run;
/// <see cref="Trace"/> tells two runs apart. Invariants are checked at every step.
/// </summary>
internal sealed class RaftCluster
{
    private readonly SortedDictionary<NodeId, SimNode> _nodes = [];
    private long _nowMs = 1_000_000;

    public RaftCluster(Random? random = null)
    {
        Random = random;
        Check = new Invariants(this);
    }

    /// <summary>Where election timeouts come from; null: each node's own <see cref="SimNode.JitterTicks"/>.</summary>
    public Random? Random { get; }

    public SimNetwork Network { get; } = new();

    public Trace Trace { get; } = new();

    public Invariants Check { get; }

    public IEnumerable<SimNode> Nodes => _nodes.Values;

    public IEnumerable<SimNode> Live => _nodes.Values.Where(node => node.Raft is not null);

    public SimNode this[NodeId id] => _nodes.TryGetValue(id, out var node) ? node : throw new ArgumentException($"no node {id}");

    public SimNode Add(RaftConfig config, RestoredState founding)
    {
        var node = new SimNode(config.Id, config, founding, this) { JitterTicks = 3 * _nodes.Count };
        _nodes.Add(config.Id, node);
        node.Start();
        return node;
    }

    public void Send(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages)
        {
            Check.Sent(message);
            Network.Send(message);
        }
    }

    public void Tick(SimNode node)
    {
        _nowMs += 10;
        Act(node, raft =>
        {
            raft.ObserveTime(_nowMs);
            raft.Tick();
        });
    }

    /// <summary>Does something to a node that runs, then takes what became ready.</summary>
    public void Act(SimNode node, Action<RaftNode> act)
    {
        if (node.Raft is not { } raft)
        {
            return;
        }

        act(raft);
        node.Drain();
        Check.Settled(node);
    }

    /// <summary>Delivers one message in flight; lost when its receiver is down.</summary>
    public void Deliver(int position)
    {
        var message = Network.Take(position);
        if (!_nodes.TryGetValue(message.To, out var node) || node.Raft is null)
        {
            return;
        }

        Trace.Delivered(message);
        node.Receive(message);
        Check.Settled(node);
    }

    /// <summary>Delivers whatever is in flight, and what that causes, until the network is quiet.</summary>
    public void DeliverAll()
    {
        const int bound = 100_000;
        for (var i = 0; Network.InFlight.Count > 0; i++)
        {
            Assert.True(i < bound, "messages cause each other without end");
            Deliver(0);
        }
    }

    public void CompleteSave(SimNode node)
    {
        node.CompleteSave();
        Check.Settled(node);
    }

    public void Crash(SimNode node)
    {
        Trace.Note($"crash {node.Id}");
        node.Crash();
    }

    public void Restart(SimNode node)
    {
        Trace.Note($"restart {node.Id}");
        node.Start();
        node.Drain();
        Check.Settled(node);
    }
}
