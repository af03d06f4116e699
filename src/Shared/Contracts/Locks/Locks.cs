namespace Quorate.Contracts.Locks;

/// <summary>A lock or semaphore and everybody around it.</summary>
/// <param name="Mode"><c>exclusive</c> or <c>shared</c>, as currently held, or <c>semaphore</c>.</param>
/// <param name="FencingToken">The highest token granted so far for this lock.</param>
/// <param name="Permits">Permits that a semaphore has altogether; null for a lock.</param>
/// <param name="Available">Permits that nobody holds; null for a lock.</param>
/// <param name="History">What happened to it lately; null in lists and in the live feed.</param>
public sealed record LockView(
    string Name,
    string Mode,
    IReadOnlyList<LockHolder> Holders,
    IReadOnlyList<LockWaiter> Waiters,
    long FencingToken,
    int? Permits = null,
    int? Available = null,
    LockHistoryView? History = null);

/// <param name="FencingToken">Log index of the entry that granted the lock; strictly increasing per lock.</param>
/// <param name="Count">How many times the owner acquired it without releasing (reentrancy).</param>
/// <param name="ExpiresAt">Null when bound to a session instead of a TTL.</param>
/// <param name="Permits">Permits of a semaphore that it has; null for a lock.</param>
public sealed record LockHolder(
    string Owner,
    string Mode,
    long FencingToken,
    DateTimeOffset AcquiredAt,
    DateTimeOffset? ExpiresAt,
    int Count,
    string? SessionId,
    int? Permits = null);

/// <param name="Position">Place in the queue, from 1.</param>
/// <param name="WaitUntil">When the request gives up.</param>
/// <param name="Permits">Permits of a semaphore that it wants; null for a lock.</param>
public sealed record LockWaiter(
    string Owner,
    string Mode,
    DateTimeOffset Since,
    DateTimeOffset WaitUntil,
    int Position,
    string? SessionId,
    int? Permits = null);

/// <param name="Owner">Who asks; the same owner may acquire again (reentrant). 1 to 512 bytes of UTF-8.</param>
/// <param name="Mode"><c>exclusive</c> (default) or <c>shared</c>.</param>
/// <param name="TtlMs">How long the grant lasts unless renewed: 1 to 86,400,000. Default 30,000; with a session, none.</param>
/// <param name="WaitMs">How long to wait in the queue: 0 (default: do not wait) to 600,000.</param>
/// <param name="SessionId">Binds the grant to a session: it ends when the session does.</param>
/// <param name="Permits">
/// Makes it a semaphore with so many permits altogether, 1 to 1,000,000; <c>mode</c> is then left out or <c>semaphore</c>. The first
/// request fixes the number for as long as anybody holds or waits for a permit.
/// </param>
/// <param name="Take">Permits wanted: 1 (default) to <paramref name="Permits"/>. An owner that has so many already takes no more.</param>
public sealed record AcquireLockRequest(
    string Owner, string? Mode = null, long? TtlMs = null, long? WaitMs = null, string? SessionId = null, int? Permits = null, int? Take = null);

public sealed record AcquireLockResponse(
    string Name,
    string Owner,
    string Mode,
    long FencingToken,
    DateTimeOffset AcquiredAt,
    DateTimeOffset? ExpiresAt,
    int Count,
    int? Permits = null);

/// <param name="TtlMs">The new time to live, counted from now; null keeps the one asked for at first.</param>
public sealed record RenewLockRequest(string Owner, long? FencingToken, long? TtlMs = null);

public sealed record RenewLockResponse(string Name, string Owner, long FencingToken, DateTimeOffset? ExpiresAt);

public sealed record ReleaseLockRequest(string Owner, long? FencingToken);

/// <param name="Remaining">Acquisitions of this owner that are still to be released; 0 when the lock is free for others.</param>
public sealed record ReleaseLockResponse(string Name, string Owner, int Remaining);

/// <param name="Released">The holders that lost the lock.</param>
public sealed record ForceReleaseLockResponse(string Name, IReadOnlyList<LockHolder> Released);
