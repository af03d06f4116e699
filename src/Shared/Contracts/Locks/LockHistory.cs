namespace Quorate.Contracts.Locks;

/// <summary>What happened to a lock lately, and how its fence stands.</summary>
/// <param name="CurrentToken">The newest token that still counts; null when nobody holds the lock.</param>
/// <param name="NewestToken">The newest token in the history; null when there is none.</param>
/// <param name="LastRefused">The last time that somebody came with a token that no longer counted; null when nobody did.</param>
/// <param name="Transitions">The last 100, newest first.</param>
public sealed record LockHistoryView(
    string Name, long? CurrentToken, long? NewestToken, LockTransitionView? LastRefused, IReadOnlyList<LockTransitionView> Transitions);

/// <param name="Index">Log index of the entry in which it happened.</param>
/// <param name="Owner">Who did it or to whom it happened; null for a write that was fenced off.</param>
/// <param name="What">One of <see cref="LockTransitions"/>.</param>
/// <param name="FencingToken">The token concerned; null when there is none.</param>
public sealed record LockTransitionView(long Index, DateTimeOffset At, string? Owner, string What, string Mode, long? FencingToken);

/// <summary>What can happen to a lock.</summary>
public static class LockTransitions
{
    public const string Granted = "granted";
    public const string Waiting = "waiting";
    public const string Renewed = "renewed";
    public const string Released = "released";
    public const string Expired = "expired";
    public const string Forced = "forced";

    /// <summary>Not granted, and the request did not want to wait, or the queue was full.</summary>
    public const string Refused = "refused";

    /// <summary>Refused because waiting would have been a deadlock.</summary>
    public const string Deadlock = "deadlock";

    /// <summary>A renewal, a release or a fenced write came with a token that no longer counts.</summary>
    public const string StaleToken = "stale_token";

    /// <summary>A waiting request reached its wait limit.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>A waiting request was withdrawn by its caller.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>A hold or a waiting request ended with its session.</summary>
    public const string SessionEnded = "session_ended";
}
