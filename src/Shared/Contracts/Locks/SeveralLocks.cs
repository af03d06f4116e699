namespace Quorate.Contracts.Locks;

/// <summary>One of several locks that are asked for together.</summary>
/// <param name="Mode"><c>exclusive</c> (default) or <c>shared</c>.</param>
/// <param name="Permits">As in <see cref="AcquireLockRequest"/>.</param>
/// <param name="Take">As in <see cref="AcquireLockRequest"/>.</param>
public sealed record LockRequestPart(string Name, string? Mode = null, int? Permits = null, int? Take = null);

/// <summary>Asks for all of the locks in one step: all are granted or none, and nothing is held while the request waits.</summary>
/// <param name="Locks">1 to 64 locks, each named once.</param>
/// <param name="TtlMs">As in <see cref="AcquireLockRequest"/>, for each of them.</param>
/// <param name="WaitMs">As in <see cref="AcquireLockRequest"/>.</param>
/// <param name="SessionId">As in <see cref="AcquireLockRequest"/>.</param>
public sealed record AcquireLocksRequest(
    IReadOnlyList<LockRequestPart> Locks, string Owner, long? TtlMs = null, long? WaitMs = null, string? SessionId = null);

/// <param name="Locks">In the order of their names. Each is renewed and released by itself, or together with <see cref="HeldLocksRequest"/>.</param>
public sealed record AcquireLocksResponse(string Owner, IReadOnlyList<AcquireLockResponse> Locks);

public sealed record HeldLockPart(string Name, long? FencingToken);

/// <summary>Renews or releases several locks in one round of consensus; each has its own result.</summary>
/// <param name="Locks">1 to 64 locks.</param>
/// <param name="TtlMs">For a renewal: as in <see cref="RenewLockRequest"/>.</param>
public sealed record HeldLocksRequest(string Owner, IReadOnlyList<HeldLockPart> Locks, long? TtlMs = null);

/// <param name="Locks">In the order of the request.</param>
public sealed record HeldLocksResponse(string Owner, IReadOnlyList<HeldLockResult> Locks);

/// <param name="Ok">False when the lock is no longer held with this token.</param>
/// <param name="ExpiresAt">After a renewal; null when bound to a session.</param>
/// <param name="Remaining">After a release: acquisitions that are still to be released.</param>
public sealed record HeldLockResult(string Name, bool Ok, DateTimeOffset? ExpiresAt = null, int? Remaining = null);
