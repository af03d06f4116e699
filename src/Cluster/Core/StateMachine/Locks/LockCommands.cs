namespace Quorate.Core.StateMachine.Locks;

public enum LockMode : byte
{
    Exclusive = 1,
    Shared = 2,

    /// <summary>Some of a fixed number of permits.</summary>
    Semaphore = 3,
}

/// <summary>A request that may wait for locks.</summary>
public interface ILockRequest
{
    string Owner { get; }

    /// <summary>How long to wait; 0: not at all.</summary>
    long WaitMs { get; }

    /// <summary>One of the locks asked for: enough to withdraw the request.</summary>
    string AnyLock { get; }
}

/// <summary>What is wanted of one lock.</summary>
/// <param name="Permits">Permits that the semaphore has altogether, 1 to <see cref="MaxPermits"/>; 0 for a lock.</param>
/// <param name="Take">Permits wanted, 1 to <paramref name="Permits"/>; 0 for a lock.</param>
public sealed record LockPart(string Name, LockMode Mode, int Permits = 0, int Take = 0)
{
    public const int MaxPermits = 1_000_000;
}

/// <summary>Asks for a lock, waiting in the queue if need be.</summary>
/// <param name="TtlMs">How long the grant lasts unless renewed; null with a session: as long as the session.</param>
/// <param name="WaitMs">How long to wait; 0: not at all.</param>
/// <param name="Session">Binds grant and waiting to a session.</param>
/// <param name="Permits">As in <see cref="LockPart"/>.</param>
/// <param name="Take">As in <see cref="LockPart"/>.</param>
public sealed record LockAcquire(
    string Name, string Owner, LockMode Mode, long? TtlMs, long WaitMs, long? Session, int Permits = 0, int Take = 0) : Command, ILockRequest
{
    string ILockRequest.AnyLock => Name;
}

/// <summary>Asks for several locks at once: all are granted in one step, or none. It waits as one request and holds nothing meanwhile.</summary>
/// <param name="Parts">1 to <see cref="MaxLocks"/>, strictly in the ordinal order of their names.</param>
public sealed record LockAcquireAll(IReadOnlyList<LockPart> Parts, string Owner, long? TtlMs, long WaitMs, long? Session) : Command, ILockRequest
{
    public const int MaxLocks = 64;

    string ILockRequest.AnyLock => Parts[0].Name;
}

/// <param name="TtlMs">The new time to live from now; null: the one asked for when it was granted.</param>
public sealed record LockRenew(string Name, string Owner, long Token, long? TtlMs) : Command;

public sealed record LockRelease(string Name, string Owner, long Token) : Command;

/// <summary>Takes the lock away from everybody who holds it: an operator's last resort.</summary>
public sealed record LockForceRelease(string Name) : Command;

/// <summary>Withdraws a waiting request, because its caller went away.</summary>
/// <param name="Name">The lock; any of them when several were asked for at once.</param>
public sealed record LockCancelWait(string Name, string Owner, long Ticket) : Command;

/// <summary>Goes with a write that is only to happen while a lock is held with this token.</summary>
public readonly record struct Fence(string Lock, long Token);
