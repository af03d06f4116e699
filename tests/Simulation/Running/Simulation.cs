using Quorate.Core;
using Quorate.Core.Raft;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>
/// One run: a cluster and its clients under the trouble that the seed draws, during which nothing wrong may happen; then a majority is
/// healed and must make progress; at the end the clients' histories are judged.
/// </summary>
internal sealed class Simulation
{
    /// <summary>Virtual time within which every client gets a write through after healing.</summary>
    private const long ProgressLimit = 20 * Duration.Second;

    /// <summary>Virtual time within which all members have everything after that.</summary>
    private const long ConvergenceLimit = 10 * Duration.Second;

    private const long MaxSteps = 5_000_000;

    /// <summary>Of so many seeds one has clients of locks as well, one of queues, one of both, and one of elections, transactions, events and watchers of keys.</summary>
    private const long Workloads = 5;

    private static readonly Mutation[] NeedAllClients =
    [
        Mutation.AckedMessageRedelivered, Mutation.LateRefusalBelieved,
        Mutation.TransactionInParts, Mutation.CandidateJoinsLeader, Mutation.DroppedEventNumbered,
        Mutation.WatchSkipsRevision,
    ];

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly Faults _faults;
    private readonly long _seed;

    private Simulation(long seed, Mutation mutation, TextWriter? traceLines)
    {
        _seed = seed;
        _random = new SeededRandom((ulong)seed);
        _world = new World(_random.Fork(), Swarm.Draw(_random.Fork(), mutation), traceLines);
        _faults = new Faults(_world, _random.Fork());
        AddClients(seed % Workloads, NeedAllClients.Contains(mutation), _random.Fork());
    }

    private void AddClients(long workload, bool all, SeededRandom random)
    {
        if (workload == 3 || all)
        {
            _world.AddQueueClients(1 + random.Below(4), random);
        }

        if (workload is 1 or 3 || all)
        {
            _world.AddLockHistory(2 + random.Below(2), random);
        }

        if (workload is 2 or 3 || all)
        {
            _world.AddQueueHistory(2 + random.Below(2), random);
        }

        if (workload == 4 || all)
        {
            _world.AddCoordination(1 + random.Below(3), random);
        }
    }

    /// <param name="traceLines">Where to write what happens; null: nowhere.</param>
    public static RunResult Run(long seed, Mutation mutation = Mutation.None, TextWriter? traceLines = null)
    {
        var simulation = new Simulation(seed, mutation, traceLines);
        SimulationFailure? failure = null;
        try
        {
            simulation.Run();
        }
        catch (SimulationFailure wrong)
        {
            failure = wrong;
        }

        return simulation.Result(failure);
    }

    private void Run()
    {
        _world.Trace.Note($"seed {_seed}: {_world.Swarm}");
        _world.Nodes.ForEach(node => node.Start());
        _faults.Start();
        while (Step(_world.Swarm.SafetyPhase))
        {
        }

        Heal();
        RequireBy(_world.Time.Now + ProgressLimit, () => _world.Clients.All(client => client.HasFinished), "not every client gets a write through");
        var everything = _world.Check.HighestCommit;
        RequireBy(
            _world.Time.Now + ConvergenceLimit,
            () => Members().All(node => node.IsUp && node.Process!.AppliedIndex >= everything),
            $"not every member has applied {everything}");
        foreach (var node in Members())
        {
            _world.Check.Oracle.Compare(node.Id, node.Process!.ReadState(state => state.Freeze()), node.Process!.AppliedIndex);
        }

        _world.History.Check();
    }

    private bool Step(long limit)
    {
        SimulationFailure.Unless(_world.Time.Steps < MaxSteps, Invariant.Progress, $"the run does not end after {MaxSteps} steps");
        return _world.Time.TryStep(limit);
    }

    private void RequireBy(long limit, Func<bool> holds, string otherwise)
    {
        while (!holds())
        {
            SimulationFailure.Unless(Step(limit), Invariant.Progress, $"{otherwise}, {(limit - _world.Time.Now) / Duration.Second} s before the end of time");
        }
    }

    private IEnumerable<SimNode> Members()
    {
        var membership = _world.Check.LiveMemberships.First();
        return _world.Nodes.Where(node => _world.Core!.Contains(node.Id) && membership.Contains(node.Id));
    }

    private void Heal()
    {
        foreach (var node in _world.Nodes)
        {
            node.Disk.IsFull = false;
            node.Disk.FailsNextSync = false;
            node.Resume();
            node.Start();
        }

        var core = ChooseCore();
        _world.Core = core;
        _world.Network.Heal();
        foreach (var node in _world.Nodes.Where(node => !core.Contains(node.Id)))
        {
            Abandon(node);
        }

        foreach (var client in _world.Clients)
        {
            client.Finish();
        }

        _world.Trace.Note($"healed: {string.Join(' ', core.Order())}");
    }

    private HashSet<NodeId> ChooseCore()
    {
        var core = _world.Nodes.Where(node => !node.IsLost).Select(node => node.Id).ToHashSet();
        if (!_world.Swarm.HealsCoreOnly)
        {
            return core;
        }

        // While a change is under way a majority of every configuration may still not be enough: a learner that heard more than a voter
        // of the next configuration refuses it its vote, and may not stand itself.
        var memberships = _world.Check.LiveMemberships.Distinct().ToList();
        if (memberships.Count > 1)
        {
            return core;
        }

        memberships.AddRange(_faults.Operator.Possible(memberships[0]));
        foreach (var id in core.OrderBy(_ => _random.NextUInt64()).ToList())
        {
            core.Remove(id);
            if (!memberships.All(membership => membership.HasQuorum(core.Contains)))
            {
                core.Add(id);
            }
        }

        return core;
    }

    /// <summary>A node outside of the core is down, or runs and reaches nobody.</summary>
    private void Abandon(SimNode node)
    {
        if (_random.Chance(0.5))
        {
            node.Crash(power: true);
            return;
        }

        foreach (var other in _world.Nodes.Where(other => other != node))
        {
            _world.Network.Block(node.Id, other.Id);
            _world.Network.Block(other.Id, node.Id);
        }
    }

    private RunResult Result(SimulationFailure? failure) => new(
        _seed,
        _world.Trace.Hash,
        _world.Time.Steps,
        _world.Time.Now,
        _world.Check.Elections,
        _world.Crashes,
        _world.History.Completed,
        failure);
}

/// <summary>What came of a run.</summary>
/// <param name="TraceHash">Equal for two runs that went the same way.</param>
/// <param name="VirtualTime">In microseconds.</param>
/// <param name="Elections">Terms that somebody led.</param>
/// <param name="Operations">Client operations that were answered and are judged as histories.</param>
internal sealed record RunResult(
    long Seed, ulong TraceHash, long Steps, long VirtualTime, int Elections, int Crashes, long Operations, SimulationFailure? Failure);
