using System.Diagnostics;
using Quorate.Contracts.Locks;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Gateway.Endpoints;

/// <summary>What is known around locks, in the words of the contract: who waits for whom, and what happened.</summary>
internal static class LockViews
{
    public static WaitGraph Graph(IReadOnlyList<(CycleStep Edge, HlcTimestamp Since)> edges, IReadOnlyList<Deadlock> deadlocks)
    {
        var steps = edges.Select(each => each.Edge).ToList();
        var owners = steps.Select(step => step.Owner).Concat(steps.Select(step => step.HeldBy)).Distinct();
        return new WaitGraph(
            [.. owners.Order(StringComparer.Ordinal).Select(owner => new WaitNode(
                owner,
                Names(steps.Where(step => step.HeldBy == owner)),
                Names(steps.Where(step => step.Owner == owner))))],
            [.. edges.Select(each => new WaitEdge(
                each.Edge.Owner, each.Edge.HeldBy, each.Edge.Lock, Views.Mode(each.Edge.Mode), Views.Time(each.Since)))],
            deadlocks is [var newest, ..] ? [.. newest.Cycle.Select(Of)] : null,
            [.. deadlocks.Select(Of)]);
    }

    public static PastDeadlock Of(Deadlock deadlock) => new(
        Views.Time(deadlock.At), deadlock.Index, deadlock.Victim, deadlock.Lock, [.. deadlock.Cycle.Select(Of)]);

    public static DeadlockStep Of(CycleStep step) => new(step.Owner, step.Lock, step.HeldBy, Views.Mode(step.Mode));

    /// <param name="state">Null when nobody holds or waits for the lock.</param>
    /// <param name="history">Null when nothing is known of it.</param>
    public static LockHistoryView Of(string name, LockState? state, LockHistory? history)
    {
        var transitions = history is null ? [] : history.Transitions.ToArray();
        var granted = transitions.LastOrDefault(each => each.Kind == LockTransitionKind.Granted)?.Token;
        return new LockHistoryView(
            name,
            state is { Holds.Count: > 0 } ? state.Holds.Max(hold => hold.Token) : null,
            state?.NewestToken > granted ? state.NewestToken : granted,
            history?.LastStale is { } stale ? Of(stale) : null,
            [.. transitions.Reverse().Select(Of)]);
    }

    public static AcquireLockResponse Of(string name, LockHold hold) => new(
        name,
        hold.Owner,
        Views.Mode(hold.Mode),
        hold.Token,
        Views.Time(hold.AcquiredAt),
        Views.Time(hold.ExpiresAt),
        hold.Count,
        Views.Permits(hold.Permits));

    private static LockTransitionView Of(LockTransition transition) => new(
        transition.Index,
        Views.Time(transition.Time),
        transition.Owner.Length == 0 ? null : transition.Owner,
        What(transition.Kind),
        Views.Mode(transition.Mode),
        transition.Token == 0 ? null : transition.Token);

    private static string What(LockTransitionKind kind) => kind switch
    {
        LockTransitionKind.Granted => LockTransitions.Granted,
        LockTransitionKind.Waiting => LockTransitions.Waiting,
        LockTransitionKind.Renewed => LockTransitions.Renewed,
        LockTransitionKind.Released => LockTransitions.Released,
        LockTransitionKind.Expired => LockTransitions.Expired,
        LockTransitionKind.Forced => LockTransitions.Forced,
        LockTransitionKind.Refused => LockTransitions.Refused,
        LockTransitionKind.Deadlocked => LockTransitions.Deadlock,
        LockTransitionKind.StaleToken => LockTransitions.StaleToken,
        LockTransitionKind.GaveUp => LockTransitions.GaveUp,
        LockTransitionKind.Withdrawn => LockTransitions.Withdrawn,
        LockTransitionKind.SessionEnded => LockTransitions.SessionEnded,
        _ => throw new UnreachableException(kind.ToString()),
    };

    private static string[] Names(IEnumerable<CycleStep> steps) =>
        [.. steps.Select(step => step.Lock).Distinct().Order(StringComparer.Ordinal)];
}
