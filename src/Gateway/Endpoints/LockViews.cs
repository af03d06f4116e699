using System.Diagnostics;
using Quorate.Contracts.Locks;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Gateway.Endpoints;

/// <summary>What is known around locks, in the words of the contract: who waits for whom, and what happened.</summary>
internal static class LockViews
{
    /// <summary>To be called where the locks cannot change meanwhile.</summary>
    public static WaitGraph Graph(LockTable locks)
    {
        var edges = locks.WaitEdges().Select(each => Of(each.Edge, each.Since, locks.Get(each.Edge.Lock)!)).ToList();
        var owners = edges.Select(edge => edge.Waiter).Concat(edges.Select(edge => edge.Holder)).Distinct();
        var deadlocks = locks.Deadlocks().Reverse().Select(Of).ToList();
        return new WaitGraph(
            [.. owners.Order(StringComparer.Ordinal).Select(owner => new WaitNode(
                owner,
                Names(edges.Where(edge => edge.Holder == owner && !edge.Ahead)),
                Names(edges.Where(edge => edge.Waiter == owner))))],
            edges,
            deadlocks is [var newest, ..] ? newest.Cycle : null,
            deadlocks);
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

    private static WaitEdge Of(CycleStep step, HlcTimestamp since, LockState state) => new(
        step.Owner, step.HeldBy, step.Lock, Views.Mode(step.Mode), Views.Time(since), state.HoldOf(step.HeldBy) is null);

    private static string[] Names(IEnumerable<WaitEdge> edges) =>
        [.. edges.Select(edge => edge.Lock).Distinct().Order(StringComparer.Ordinal)];
}
