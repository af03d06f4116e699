namespace Quorate.Contracts.Locks;

/// <summary>A lock and everybody around it.</summary>
/// <param name="Mode"><c>exclusive</c> or <c>shared</c>, as currently held.</param>
/// <param name="FencingToken">The highest token granted so far for this lock.</param>
public sealed record LockView(
    string Name,
    string Mode,
    IReadOnlyList<LockHolder> Holders,
    IReadOnlyList<LockWaiter> Waiters,
    long FencingToken);

/// <param name="FencingToken">Log index of the entry that granted the lock; strictly increasing per lock.</param>
/// <param name="Count">How many times the owner acquired it without releasing (reentrancy).</param>
/// <param name="ExpiresAt">Null when bound to a session instead of a TTL.</param>
public sealed record LockHolder(
    string Owner,
    string Mode,
    long FencingToken,
    DateTimeOffset AcquiredAt,
    DateTimeOffset? ExpiresAt,
    int Count,
    string? SessionId);

/// <param name="Position">Place in the queue, from 1.</param>
/// <param name="WaitUntil">When the request gives up.</param>
public sealed record LockWaiter(
    string Owner,
    string Mode,
    DateTimeOffset Since,
    DateTimeOffset WaitUntil,
    int Position,
    string? SessionId);

/// <param name="Owner">Who asks; the same owner may acquire again (reentrant). 1 to 512 bytes of UTF-8.</param>
/// <param name="Mode"><c>exclusive</c> (default) or <c>shared</c>.</param>
/// <param name="TtlMs">How long the grant lasts unless renewed: 1 to 86,400,000. Default 30,000; with a session, none.</param>
/// <param name="WaitMs">How long to wait in the queue: 0 (default: do not wait) to 600,000.</param>
/// <param name="SessionId">Binds the grant to a session: it ends when the session does.</param>
public sealed record AcquireLockRequest(string Owner, string? Mode = null, long? TtlMs = null, long? WaitMs = null, string? SessionId = null);

public sealed record AcquireLockResponse(
    string Name,
    string Owner,
    string Mode,
    long FencingToken,
    DateTimeOffset AcquiredAt,
    DateTimeOffset? ExpiresAt,
    int Count);

/// <param name="TtlMs">The new time to live, counted from now; null keeps the one asked for at first.</param>
public sealed record RenewLockRequest(string Owner, long? FencingToken, long? TtlMs = null);

public sealed record RenewLockResponse(string Name, string Owner, long FencingToken, DateTimeOffset? ExpiresAt);

public sealed record ReleaseLockRequest(string Owner, long? FencingToken);

/// <param name="Remaining">Acquisitions of this owner that are still to be released; 0 when the lock is free for others.</param>
public sealed record ReleaseLockResponse(string Name, string Owner, int Remaining);

/// <param name="Released">The holders that lost the lock.</param>
public sealed record ForceReleaseLockResponse(string Name, IReadOnlyList<LockHolder> Released);

/// <summary>Who waits for whom, as a graph whose nodes are owners.</summary>
public sealed record WaitGraph(IReadOnlyList<WaitEdge> Edges, IReadOnlyList<PastDeadlock> Deadlocks);

public sealed record WaitEdge(string Waiter, string Holder, string Lock, DateTimeOffset Since);

/// <summary>A deadlock that was found and broken.</summary>
/// <param name="Victim">The owner whose request was refused.</param>
/// <param name="Cycle">The owners and locks of the cycle, beginning with the victim.</param>
public sealed record PastDeadlock(DateTimeOffset At, long Index, string Victim, string Lock, IReadOnlyList<DeadlockStep> Cycle);

/// <summary><paramref name="Owner"/> waits for <paramref name="Lock"/>, held by <paramref name="HeldBy"/>.</summary>
public sealed record DeadlockStep(string Owner, string Lock, string HeldBy);
