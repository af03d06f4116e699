using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>
/// An exclusive hold is alone, a semaphore gives out no more permits than it has, locks asked for together are held together; a hold
/// lasts as long as was promised, and its token is greater than every one before.
/// </summary>
internal sealed class LockWatch
{
    private readonly Dictionary<string, IReadOnlyList<LockHold>> _holds = [];
    private readonly Dictionary<string, long> _tokens = [];

    /// <param name="command">Null for an entry that is none.</param>
    public void Applied(Command? command, Entry entry, ClusterState state, IReadOnlyList<StateEvent> events)
    {
        foreach (var change in events)
        {
            switch (change)
            {
                case StateEvent.LockChanged { Name: var name }:
                    Compare(state.Locks.Get(name) ?? LockState.Free(name), command, entry, events);
                    break;
                case StateEvent.LockWaitEnded { Result: CommandResult.LocksGranted granted }:
                    Together(granted.Holds, state, events);
                    break;
            }
        }
    }

    /// <summary>What a session gets in the entry that ends it goes with it.</summary>
    private static void Together(IReadOnlyList<NamedHold> holds, ClusterState state, IReadOnlyList<StateEvent> events)
    {
        var held = holds.Count(each => state.Locks.Get(each.Lock)?.HoldOf(each.Hold.Owner)?.Token >= each.Hold.Token);
        SimulationFailure.Unless(
            held == holds.Count || events.Any(change => change is StateEvent.SessionEnded),
            Invariant.LockExclusion,
            $"of {holds.Count} locks granted together {held} are held");
    }

    private void Compare(LockState state, Command? command, Entry entry, IReadOnlyList<StateEvent> events)
    {
        var (name, now) = (state.Name, state.Holds);
        var before = _holds.GetValueOrDefault(name) ?? [];
        _holds[name] = now;
        var compatible = state.Permits > 0
            ? now.Sum(hold => hold.Permits) <= state.Permits
            : now.Count <= 1 || now.All(hold => hold.Mode == LockMode.Shared);
        SimulationFailure.Unless(compatible, Invariant.LockExclusion, $"{name} is held by {string.Join(", ", now)} at once");
        foreach (var hold in before)
        {
            SimulationFailure.Unless(
                now.Any(other => other.Owner == hold.Owner) || MayEnd(hold, name, command, entry, events),
                Invariant.LockExclusion,
                $"{hold.Owner} loses {name} at entry {entry.Index}, time {entry.Time}, although it was promised until {hold.ExpiresAt}");
        }

        foreach (var hold in now.Where(hold => !before.Any(other => other.Token == hold.Token && other.Owner == hold.Owner)))
        {
            var newest = _tokens.GetValueOrDefault(name);
            var joins = hold.Mode == LockMode.Shared && hold.Token == newest && now.Count > 1;
            SimulationFailure.Unless(
                hold.Token > newest || joins, Invariant.FencingTokens, $"{hold.Owner} gets {name} with token {hold.Token} after token {newest}");
            _tokens[name] = Math.Max(newest, hold.Token);
        }
    }

    private static bool MayEnd(LockHold hold, string name, Command? command, Entry entry, IReadOnlyList<StateEvent> events) =>
        hold.ExpiresAt <= entry.Time
        || (command is LockRelease release && release.Name == name && release.Owner == hold.Owner && release.Token == hold.Token)
        || (command is LockForceRelease force && force.Name == name)
        || (command is Batch batch && batch.Commands.Any(part => MayEnd(hold, name, part, entry, [])))
        || (hold.Session is { } session && events.Any(change => change is StateEvent.SessionEnded ended && ended.Session == session));
}
