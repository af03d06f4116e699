using Quorate.Core.Raft;
using Quorate.Simulation.Clients;
using Quorate.Simulation.Invariants;
using Quorate.Simulation.Network;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>Everything that there is in one run.</summary>
internal sealed class World
{
    private const int MaxGateways = 6;

    private readonly Dictionary<NodeId, SimNode> _byId = [];
    private readonly SeededRandom _random;

    public World(SeededRandom random, Swarm swarm, TextWriter? traceLines)
    {
        _random = random;
        Swarm = swarm;
        Time = new Timeline();
        Trace = new Trace(Time, traceLines);
        Check = new ClusterInvariants(this);
        Network = new VirtualNetwork(this, random.Fork());
        NodeId[] founders = [.. Enumerable.Range(1, swarm.Founders).Select(number => new NodeId($"n{number}"))];
        Check.Founded(Membership.Of(founders));
        foreach (var id in founders.Concat(Enumerable.Range(swarm.Founders + 1, swarm.Spares).Select(number => new NodeId($"n{number}"))))
        {
            Add(id, founders.Contains(id) ? founders : []);
        }

        Gateways = [.. Enumerable.Range(1, swarm.Gateways).Select(number => new SimGateway(this, number, random.Fork()))];
        Clients = [.. Enumerable.Range(1, swarm.Clients).Select(number => new SimClient(this, number, Gateways[number % Gateways.Count], random.Fork()))];
    }

    public Timeline Time { get; }

    public Trace Trace { get; }

    public Swarm Swarm { get; }

    public ClusterInvariants Check { get; }

    public VirtualNetwork Network { get; }

    public List<SimNode> Nodes { get; } = [];

    public List<SimGateway> Gateways { get; }

    public IReadOnlyList<SimClient> Clients { get; }

    /// <summary>Adds clients of queues. Not every run has them: they would be half of what happens.</summary>
    public void AddQueueClients(int count, SeededRandom random)
    {
        for (var number = 1; number <= count; number++)
        {
            _ = new SimQueueClient(this, number, Gateways[number % Gateways.Count], random.Fork());
        }
    }

    /// <summary>Adds clients of locks whose history is judged.</summary>
    public void AddLockHistory(int count, SeededRandom random)
    {
        for (var number = 1; number <= count; number++)
        {
            _ = new SimLockClient(this, number, Gateways[number % Gateways.Count], random.Fork());
        }
    }

    /// <summary>Adds clients of a queue whose history is judged.</summary>
    public void AddQueueHistory(int count, SeededRandom random)
    {
        for (var number = 1; number <= count; number++)
        {
            _ = new SimWorker(this, number, Gateways[number % Gateways.Count], random.Fork());
        }
    }

    /// <summary>Adds clients of elections, of transactions across primitives, of events, and watchers of keys.</summary>
    public void AddCoordination(int count, SeededRandom random)
    {
        for (var number = 1; number <= count; number++)
        {
            _ = new SimCandidate(this, number, Gateways[number % Gateways.Count], random.Fork());
            _ = new SimTransactor(this, number, Gateways[number % Gateways.Count], random.Fork());
            _ = new SimSubscriber(this, number, Gateways[number % Gateways.Count], random.Fork());
            _ = new SimWatcher(this, number, Gateways[number % Gateways.Count], random.Fork());
        }
    }

    /// <summary>A gateway that begins now, and knows nothing yet; null when there are enough.</summary>
    public SimGateway? BeginGateway(SeededRandom random)
    {
        if (Gateways.Count >= MaxGateways)
        {
            return null;
        }

        var gateway = new SimGateway(this, Gateways.Count + 1, random);
        Gateways.Add(gateway);
        foreach (var node in Nodes.Where(node => node.Process is not null))
        {
            gateway.LinkTo(node.Id).OnNodeStatus(node.Process!);
        }

        return gateway;
    }

    public History History { get; } = new();

    /// <summary>Set in the last phase: the nodes that work, and may be restarted.</summary>
    public IReadOnlySet<NodeId>? Core { get; set; }

    public int Crashes { get; private set; }

    public SimNode this[NodeId id] => _byId[id];

    /// <summary>How long a flush takes on a node's disk.</summary>
    public long FsyncTime(SimNode node) => Core is null ? 20 + node.Random.Exponential(Swarm.FsyncMean) : 200;

    /// <summary>The process of a node is gone: its connections are closed by its operating system.</summary>
    public void AnnounceLoss(NodeId lost)
    {
        foreach (var node in Nodes.Where(node => node.Id != lost))
        {
            Network.NoticeLoss(node.Id, lost);
        }
    }

    /// <summary>Called when a node has become leader.</summary>
    public Action<SimNode> LeaderElected { get; set; } = _ => { };

    public void StatusChanged(SimProcess process)
    {
        if (process.Raft.Role == RaftRole.Leader)
        {
            LeaderElected(this[process.Id]);
        }

        foreach (var gateway in Gateways)
        {
            gateway.LinkTo(process.Id).OnNodeStatus(process);
        }
    }

    /// <summary>A node went down: somebody starts it again some time later.</summary>
    public void PlanRestart(SimNode node)
    {
        Crashes++;
        foreach (var gateway in Gateways)
        {
            gateway.LinkTo(node.Id).Break(reconnect: false);
        }

        if (Core is null || Core.Contains(node.Id))
        {
            Time.After(_random.Between(50, 1_500) * Duration.Millisecond, () =>
            {
                if (Core is null || Core.Contains(node.Id))
                {
                    node.Start();
                }
            });
        }
    }

    private void Add(NodeId id, IReadOnlyList<NodeId> founders)
    {
        var rate = 1 + (_random.Share() - 0.5) * Swarm.ClockDrift;
        var clock = new VirtualClock(Time, rate, _random.Between(-Swarm.ClockSkewMs, Swarm.ClockSkewMs));
        var node = new SimNode(this, id, founders, clock, _random.Fork());
        Nodes.Add(node);
        _byId.Add(id, node);
    }
}
