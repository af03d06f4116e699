using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Regions;

/// <param name="Conflicts">Conflicts that are in the ledger in the end.</param>
internal sealed record RegionRunResult(
    long Seed, SimulationFailure? Failure, long Steps, long VirtualTime, long Operations, long Crashes, int Conflicts, ulong TraceHash);

/// <summary>
/// Several regions for hours of virtual time: everything goes wrong that the seed has drawn. Then everything is healed, and they must agree, with
/// nothing left to send and every value that lost in the ledger.
/// </summary>
internal sealed class RegionRun
{
    private const long Tick = 500 * Duration.Millisecond;
    private const long Hour = 3600 * Duration.Second;
    private const int BrakeStep = 100;

    private static readonly string[] Names = ["ap", "eu", "sa", "us"];

    private readonly Timeline _time = new();
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly RegionSwarm _swarm;
    private readonly Mistake _mistake;
    private readonly List<SimRegion> _regions;
    private readonly RegionWriters _writers;
    private readonly SimLine _line;
    private readonly long[,] _positions = new long[Names.Length, Names.Length];
    private bool _isHealed;
    private long _crashes;

    private RegionRun(long seed, Mistake mistake, TextWriter? trace)
    {
        _random = new SeededRandom((ulong)seed);
        _swarm = RegionSwarm.Draw(_random);
        _mistake = mistake;
        _trace = new Trace(_time, trace);
        var names = Names[.._swarm.Regions];
        _regions = [.. names.Select(name => new SimRegion(name, Clock(), Settings(name, names)))];
        _regions.ForEach(region => region.State.Regions.Mistake = mistake);
        _writers = new RegionWriters(_random.Fork());
        _line = new SimLine(_time, _random.Fork(), _regions[0], _swarm.Lost, _swarm.Repeated);
    }

    public static RegionRunResult Run(long seed, Mistake mistake = Mistake.None, TextWriter? trace = null)
    {
        var run = new RegionRun(seed, mistake, trace);
        var failure = run.Try();
        return new RegionRunResult(
            seed, failure, run._time.Steps, run._time.Now, run._writers.Operations, run._crashes, run._regions[0].State.Regions.Conflicts.Count, run._trace.Hash);
    }

    private SimulationFailure? Try()
    {
        try
        {
            foreach (var command in RegionWriters.Setup())
            {
                _regions[0].Apply(command);
            }

            Plan();
            while (_time.TryStep(_swarm.Hours * Hour))
            {
                Check();
            }

            Heal();
            for (var limit = _time.Now + (2 * Hour); !IsSettled() && _time.TryStep(limit);)
            {
                Check();
            }

            CheckEnd();
            return null;
        }
        catch (SimulationFailure failure)
        {
            return failure;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new SimulationFailure(Invariant.NoException, error.Message, error);
        }
    }

    private VirtualClock Clock() => new(_time, 1 + ((_random.Share() - 0.5) / 10_000), _random.Between(-3000, 3000));

    private RegionSettings Settings(string name, string[] names) =>
        new(name, names, names[0], KeepEvents: _swarm.Keep, BrakeShare: _swarm.Brake, BrakeMinimum: 2);

    private void Plan()
    {
        foreach (var region in _regions)
        {
            _time.After(_random.Between(0, Tick), () => Beat(region));
            Repeat(_swarm.WriteEvery, () =>
            {
                if (region.IsUp)
                {
                    var command = _writers.Act(region);
                    _trace.Note(region.Id[0], region.State.AppliedIndex.Value, 0, $"{region.Id} {command.GetType().Name}");
                    Step(region);
                }
            });
            Repeat(_swarm.CrashEvery, () => Crash(region));
            Repeat(_swarm.JumpEvery, () => Jump(region));
            Repeat(_swarm.CutEvery, () => Cut(region));
        }
    }

    private void Repeat(long mean, Action act)
    {
        if (mean == 0)
        {
            return;
        }

        _time.After(_random.Exponential(mean), () =>
        {
            if (!_isHealed)
            {
                act();
                Repeat(mean, act);
            }
        });
    }

    private void Beat(SimRegion region)
    {
        Step(region);
        _time.After(region.Clock.Virtual(Tick), () => Beat(region));
    }

    private void Step(SimRegion region)
    {
        if (!region.IsUp)
        {
            return;
        }

        var state = region.State;
        var now = region.Clock.UnixMs;
        region.Agent.Step(new AgentSight(
            now,
            state.Outbox.Waiting > 0 || state.Outbox.NextRetry <= HlcTimestamp.FromUnixMs(now),
            [.. _regions.Where(other => other != region).Select(other => new OriginPosition(other.Id, state.Inbox.Get(other.Id).Position))],
            _random.Share()));
        var agent = region.Agent;
        foreach (var action in agent.TakeActions())
        {
            CarryOut(region, agent, action);
        }
    }

    private void CarryOut(SimRegion region, RegionAgent agent, AgentAction action)
    {
        switch (action)
        {
            case AgentAction.Execute execute:
                _time.After(_random.Between(1, 20) * Duration.Millisecond, () =>
                {
                    if (!region.IsUp)
                    {
                        return;
                    }

                    // The command of an agent that died meanwhile is carried out all the same: it was in the log.
                    var result = region.Apply(execute.Command);
                    _trace.Note(region.Id[0], action.Id, 1, $"{region.Id} {execute.Command.GetType().Name}: {result.GetType().Name}");
                    if (region == _regions[0])
                    {
                        _line.Changed();
                    }

                    Tell(region, agent, () => agent.OnResult(action.Id, result));
                });
                break;
            case AgentAction.Compare:
                Tell(region, agent, () => agent.OnCompared(action.Id, 0));
                break;
            case AgentAction.Send send:
                _line.Send(
                    region.Id,
                    send.Message,
                    answer => Tell(region, agent, () => agent.OnAnswer(action.Id, answer)),
                    code => Tell(region, agent, () => agent.OnFailure(action.Id, code, "simulated")));
                break;
        }
    }

    private void Tell(SimRegion region, RegionAgent agent, Action tell)
    {
        if (region.IsUp && region.Agent == agent)
        {
            tell();
            Step(region);
        }
    }

    private void Crash(SimRegion region)
    {
        if (!region.IsUp)
        {
            return;
        }

        _crashes++;
        if (_random.Chance(0.5))
        {
            region.KillAgent();
            _trace.Note($"{region.Id}: its agent dies");
            return;
        }

        if (_random.Chance(0.5))
        {
            region.TakeSnapshot();
        }

        region.GoDown();
        _trace.Note($"{region.Id}: all nodes die");
        _time.After(_random.Exponential(300 * Duration.Second), () => Return(region));
    }

    private void Return(SimRegion region)
    {
        if (!region.IsUp)
        {
            region.ComeBack(_mistake);
            _trace.Note($"{region.Id}: the nodes are back");
            Step(region);
        }
    }

    /// <summary>The clock shows too much for a while: what is written then is refused by the coordinator.</summary>
    private void Jump(SimRegion region)
    {
        var ms = _random.Between(5_000, 60_000);
        region.Clock.Jump(ms);
        _trace.Note($"{region.Id}: its clock jumps by {ms} ms");
        _time.After(_random.Exponential(120 * Duration.Second), () => region.Clock.Jump(-ms));
    }

    private void Cut(SimRegion region)
    {
        var other = _random.Pick(_regions);
        _line.Cut(region.Id, other.Id);
        _trace.Note($"{region.Id} and {other.Id} are cut off from each other");
        _time.After(_random.Exponential(_swarm.CutFor), () =>
        {
            _line.Heal(region.Id, other.Id);
            _line.Changed();
        });
    }

    private void Heal()
    {
        _isHealed = true;
        _line.HealAll();
        _regions.ForEach(Return);
        _line.Changed();
        _trace.Note($"everything is healed");
    }

    /// <summary>An operator looks after what waits for one: parked changes, brakes.</summary>
    private bool IsSettled()
    {
        var isSettled = true;
        foreach (var region in _regions)
        {
            var outbox = region.State.Outbox;
            if (outbox.Parked > 0)
            {
                region.Apply(new OutboxRetry(null, outbox.Parked));
            }

            foreach (var brake in region.State.Regions.Brakes.Pulled.ToList())
            {
                region.Apply(new BrakeRelease(brake.Collection, BrakeStep));
                isSettled = false;
            }

            isSettled &= outbox.Count == 0 && _regions.TrueForAll(origin => origin == region || region.State.Inbox.Get(origin.Id).Position == Received(origin));
        }

        return isSettled;
    }

    private long Received(SimRegion origin) => _regions[0].State.Coordinator.Get(origin.Id)?.Received ?? 0;

    private void Check()
    {
        for (var i = 0; i < _regions.Count; i++)
        {
            var (region, outbox) = (_regions[i], _regions[i].State.Outbox);
            var counted = outbox.Counters.Acknowledged + outbox.Waiting + outbox.InFlight + outbox.Retrying + outbox.Parked;
            SimulationFailure.Unless(
                outbox.Counters.Enqueued == counted, Invariant.OutboxConservation, $"{region.Id} took {outbox.Counters.Enqueued} changes on and knows of {counted}");
            for (var j = 0; j < _regions.Count; j++)
            {
                var (origin, position) = (_regions[j], region.State.Inbox.Get(_regions[j].Id).Position);
                SimulationFailure.Unless(
                    position >= _positions[i, j] && position <= Received(origin),
                    Invariant.RegionPositions,
                    $"{region.Id} went from {_positions[i, j]} to {position} of {origin.Id}, and the coordinator is at {Received(origin)}");
                _positions[i, j] = position;
            }
        }
    }

    private void CheckEnd()
    {
        SimulationFailure.Unless(IsSettled(), Invariant.Progress, $"two hours after everything was healed: {string.Join("; ", _regions.Select(Describe))}");
        var first = Contents(_regions[0]);
        foreach (var region in _regions)
        {
            var difference = first.Except(Contents(region)).Concat(Contents(region).Except(first)).FirstOrDefault();
            SimulationFailure.Unless(difference is null, Invariant.Convergence, $"not in both {region.Id} and {_regions[0].Id}: {difference}");
            _writers.CheckLedger(region);
        }
    }

    private string Describe(SimRegion region)
    {
        var outbox = region.State.Outbox;
        var positions = string.Join(' ', region.State.Inbox.Origins.Select(origin => $"{origin.Origin}:{origin.Position}/{Received(Region(origin.Origin))}"));
        return $"{region.Id} {region.Agent.Phase} {region.Agent.Error} waiting {outbox.Waiting} in flight {outbox.InFlight} retrying {outbox.Retrying} parked {outbox.Parked} has {positions}";
    }

    private SimRegion Region(string id) => _regions.Find(region => region.Id == id)!;

    /// <summary>Everything that has to be the same in all regions.</summary>
    private static List<string> Contents(SimRegion region)
    {
        var lines = new List<string>();
        foreach (var collection in region.State.Documents.Range(""))
        {
            lines.Add($"{collection.Name} {collection.Strategy} {collection.CreatedAt}");
            foreach (var document in collection.Range(""))
            {
                lines.Add($"{collection.Name}/{document.Key} = {Encoding.UTF8.GetString(document.Value.Span)} {document.Rev} [{document.Clock}]");
            }

            foreach (var (key, versions) in collection.AllVersions().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                lines.Add($"{collection.Name}/{key}: {string.Join(" | ", versions.Versions.Select(version => $"{version.Region} {version.Rev} [{version.Clock}]"))}");
            }
        }

        foreach (var conflict in region.State.Regions.Conflicts.All())
        {
            lines.Add($"{conflict.Id} {conflict.Status} {string.Join(' ', conflict.Settlements.Select(record => record.Result.Rev))}");
        }

        return lines;
    }
}
