using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>An exclusive hold is alone, lasts as long as was promised, and its token is greater than every one before.</summary>
internal sealed class LockWatch
{
    private readonly Dictionary<string, IReadOnlyList<LockHold>> _holds = [];
    private readonly Dictionary<string, long> _tokens = [];

    /// <param name="command">Null for an entry that is none.</param>
    public void Applied(Command? command, Entry entry, ClusterState state, IReadOnlyList<StateEvent> events)
    {
        foreach (var change in events)
        {
            if (change is StateEvent.LockChanged { Name: var name })
            {
                Compare(name, command, entry, state.Locks.Get(name)?.Holds ?? [], events);
            }
        }
    }

    private void Compare(string name, Command? command, Entry entry, IReadOnlyList<LockHold> now, IReadOnlyList<StateEvent> events)
    {
        var before = _holds.GetValueOrDefault(name) ?? [];
        _holds[name] = now;
        SimulationFailure.Unless(
            now.Count <= 1 || now.All(hold => hold.Mode == LockMode.Shared), Invariant.LockExclusion, $"{name} is held by {string.Join(", ", now)} at once");
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
        || (hold.Session is { } session && events.Any(change => change is StateEvent.SessionEnded ended && ended.Session == session));
}
