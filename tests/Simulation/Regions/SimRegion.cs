using Quorate.Core;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Regions;

/// <summary>
/// A region's cluster, seen from outside: a replicated state that carries out one command after the other, that goes away and comes back with
/// everything that it acknowledged, out of a snapshot and the log after it. How a cluster does that is what the other simulation is about.
/// </summary>
internal sealed class SimRegion
{
    private readonly List<Entry> _log = [];
    private readonly List<StateEvent> _events = [];
    private byte[][] _snapshot;
    private HlcTimestamp _time;
    private int _agents;

    public SimRegion(string id, VirtualClock clock, RegionSettings settings)
    {
        (Id, Clock, _snapshot) = (id, clock, []);
        Agent = NewAgent();
        Apply(new RegionConfigure(settings));
        TakeSnapshot();
    }

    public string Id { get; }

    public VirtualClock Clock { get; }

    public ClusterState State { get; private set; } = new();

    public RegionAgent Agent { get; private set; }

    /// <summary>A cluster that has lost its majority carries nothing out.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>What the last command changed.</summary>
    public IReadOnlyList<StateEvent> Events => _events;

    /// <summary>The command as it goes through the log: encoded, stamped, applied.</summary>
    public CommandResult Apply(Command command, string? reason = null)
    {
        _time = HlcTimestamp.After(_time, Clock.UnixMs);
        var data = CommandCodec.Encode(new CommandEnvelope(default, command, Reason: reason));
        var entry = new Entry(new Term(1), State.AppliedIndex.Next, _time, EntryKind.Command, data);
        _log.Add(entry);
        _events.Clear();
        return State.Apply(entry, _events, out _);
    }

    public void TakeSnapshot()
    {
        _snapshot = [.. State.Freeze().Records().Select(record => record.ToArray())];
        _log.Clear();
    }

    /// <summary>The agent dies with everything that it had under way.</summary>
    public void KillAgent() => Agent = NewAgent();

    /// <summary>All nodes die.</summary>
    public void GoDown()
    {
        IsUp = false;
        KillAgent();
    }

    /// <summary>The nodes come back with what is on their disks.</summary>
    /// <exception cref="Running.SimulationFailure">That is not what they had.</exception>
    public void ComeBack(Mistake mistake)
    {
        var before = State.Freeze().Hash();
        State = StateSnapshot.Read(_snapshot.Select(record => new ReadOnlyMemory<byte>(record)));
        State.Regions.Mistake = mistake;
        _log.ForEach(entry => State.Apply(entry, [], out _));
        var after = State.Freeze().Hash();
        Running.SimulationFailure.Unless(after == before, Running.Invariant.EqualStateHash, $"{Id} came back with another state");
        IsUp = true;
    }

    private RegionAgent NewAgent() => new(new AgentSettings(
        $"{Id}-{++_agents}", Id, MaxChanges: 5, MaxBytes: 20_000, PullWaitMs: 20_000, FirstPauseMs: 100, LongestPauseMs: 30_000, LeaseMs: 15_000));
}
