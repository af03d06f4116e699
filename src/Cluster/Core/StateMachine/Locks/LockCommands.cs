namespace Quorate.Core.StateMachine.Locks;

public enum LockMode : byte
{
    Exclusive = 1,
    Shared = 2,
}

/// <summary>Asks for a lock, waiting in the queue if need be.</summary>
/// <param name="TtlMs">How long the grant lasts unless renewed; null with a session: as long as the session.</param>
/// <param name="WaitMs">How long to wait; 0: not at all.</param>
/// <param name="Session">Binds grant and waiting to a session.</param>
public sealed record LockAcquire(string Name, string Owner, LockMode Mode, long? TtlMs, long WaitMs, long? Session) : Command;

/// <param name="TtlMs">The new time to live from now; null: the one asked for when it was granted.</param>
public sealed record LockRenew(string Name, string Owner, long Token, long? TtlMs) : Command;

public sealed record LockRelease(string Name, string Owner, long Token) : Command;

/// <summary>Takes the lock away from everybody who holds it: an operator's last resort.</summary>
public sealed record LockForceRelease(string Name) : Command;

/// <summary>Withdraws a waiting request, because its caller went away.</summary>
public sealed record LockCancelWait(string Name, string Owner, long Ticket) : Command;
