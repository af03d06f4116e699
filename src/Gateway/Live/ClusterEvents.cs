using System.Globalization;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;
using Quorate.Gateway.Endpoints;

namespace Quorate.Gateway.Live;

/// <summary>Which changes of the replicated state an operator wants to be told of, and in which words.</summary>
internal static class ClusterEvents
{
    public static (string Topic, string Severity, string Subject, string Message)? Describe(StateEvent item) => item switch
    {
        StateEvent.TermBegan { Record: var term } => (
            "system.leader.elected",
            term.Cause is ElectionCause.Bootstrap or ElectionCause.Transfer ? "info" : "warning",
            term.Leader.Value,
            Invariant($"{term.Leader} leads term {term.Term} ({Cause(term.Cause)}){Leaderless(term.LeaderlessMs)}.")),
        StateEvent.DeadlockFound { Deadlock: var deadlock } => (
            "system.lock.deadlock",
            "warning",
            deadlock.Lock,
            $"Deadlock broken: {deadlock.Victim} was refused {deadlock.Lock}; {string.Join(", ", deadlock.Cycle.Select(step => $"{step.Owner} waits for {step.HeldBy} at {step.Lock}"))}."),
        StateEvent.LockForced forced => (
            "system.lock.forced",
            "warning",
            forced.Name,
            Invariant($"{forced.Name} was taken from {forced.Holders} holder(s) by an operator{(forced.Reason is null ? "" : $": {forced.Reason}")}.")),
        StateEvent.QueueDeadLetters dead => (
            "system.queue.dead",
            "warning",
            dead.Name,
            Invariant($"Message {dead.Message} of {dead.Name} is dead after {dead.Deliveries} deliveries without an ack: the queue's first dead letter.")),
        StateEvent.QueuePurged purged => (
            "system.queue.purged",
            "warning",
            purged.Name,
            Invariant($"{purged.Count} {QueueViews.Of(purged.State)} message(s) of {purged.Name} were purged by an operator{(purged.Reason is null ? "" : $": {purged.Reason}")}.")),
        StateEvent.SessionEnded { Expired: true } session => (
            "system.session.expired",
            "info",
            session.Session.ToString(CultureInfo.InvariantCulture),
            $"Session {session.Session}{(session.Name is null ? "" : $" ({session.Name})")} expired; what it held was released."),
        StateEvent.ElectionTermEnded { Term: var ended } election => (
            "system.election.decided",
            ended.Cause == TermEnd.Resigned ? "info" : "warning",
            election.Name,
            $"{ended.Leader} leads {election.Name} no longer ({Cause(ended.Cause)}{(ended.Reason is null ? "" : $": {ended.Reason}")}); {(election.Next is null ? "nobody waits" : $"{election.Next} does")}."),
        StateEvent.MembershipChanged { Membership: var membership } => (
            "system.membership.changed", "info", "cluster", $"Members: {membership}."),
        _ => null,
    };

    private static string Cause(ElectionCause cause) => cause switch
    {
        ElectionCause.Bootstrap => "first election",
        ElectionCause.Timeout => "the leader was not heard from",
        ElectionCause.ConnectionLost => "the connection to the leader was lost",
        ElectionCause.Transfer => "leadership was handed over",
        ElectionCause.Operator => "an operator asked for it",
        _ => "unknown cause",
    };

    private static string Cause(TermEnd cause) => cause switch
    {
        TermEnd.Resigned => "resigned",
        TermEnd.Expired => "did not renew in time",
        TermEnd.SessionEnded => "its session ended",
        _ => "unknown cause",
    };

    private static string Leaderless(long milliseconds) =>
        milliseconds < 0 ? "" : Invariant($", {milliseconds} ms after the last sign of a leader");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
