using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.StateMachine;

/// <summary>
/// What became of a command. Failures that a client can expect are results, not exceptions. A closed hierarchy:
/// <see cref="ResultCodec"/> knows every case, because sessions keep results for retries.
/// </summary>
public abstract partial record CommandResult
{
    /// <summary>Nothing to say: an entry that is no command.</summary>
    public sealed record Done : CommandResult;

    /// <summary>The entry's bytes are not a command that this version understands.</summary>
    public sealed record Malformed(string Detail) : CommandResult;

    public sealed record SessionOpened(Session Session) : CommandResult;

    public sealed record SessionRenewed(HlcTimestamp ExpiresAt) : CommandResult;

    public sealed record SessionClosed : CommandResult;

    /// <summary>The session was never opened, was closed, or expired.</summary>
    public sealed record SessionUnknown(long Session) : CommandResult;

    /// <summary>The answer to this sequence number is no longer kept.</summary>
    public sealed record SequenceTooOld(long OldestKept) : CommandResult;

    /// <summary>The same idempotency key came with a different command.</summary>
    public sealed record IdempotencyKeyReused : CommandResult;

    public sealed record KvWritten(long Revision, bool Created) : CommandResult;

    public sealed record KvDeleted(long Revision) : CommandResult;

    public sealed record KvNotFound : CommandResult;

    /// <summary>The key does not have the expected revision.</summary>
    /// <param name="Current">What it holds instead; null when it does not exist.</param>
    public sealed record KvMismatch(KvItem? Current) : CommandResult;

    /// <param name="Item">Null when the key does not exist.</param>
    public sealed record KvFound(KvItem? Item) : CommandResult;

    /// <summary>The results of a batch, one for each command, in order.</summary>
    public sealed record Batched(IReadOnlyList<CommandResult> Results) : CommandResult;

    public sealed record LockGranted(LockHold Hold) : CommandResult;

    /// <summary>The request waits; a <see cref="StateEvent.LockWaitEnded"/> with the same ticket ends it.</summary>
    /// <param name="Ticket">Log index of the request.</param>
    public sealed record LockQueued(long Ticket, int Position) : CommandResult, IQueuedResult;

    /// <summary>Not granted within the time the caller was ready to wait.</summary>
    public sealed record LockHeld(IReadOnlyList<LockHold> Holders) : CommandResult;

    /// <summary>Waiting would never end: the owners of <paramref name="Cycle"/> wait for each other.</summary>
    public sealed record LockDeadlock(IReadOnlyList<CycleStep> Cycle) : CommandResult;

    public sealed record LockQueueFull(int Limit) : CommandResult;

    public sealed record LockRenewed(LockHold Hold) : CommandResult;

    public sealed record LockReleased(int Remaining) : CommandResult;

    /// <summary>The owner does not hold the lock with this token.</summary>
    /// <param name="Newest">The newest token granted for the lock; null when nobody holds it.</param>
    public sealed record LockStale(long? Newest) : CommandResult;

    /// <summary>The write came with a fence, and the lock is not held with its token.</summary>
    /// <param name="Newest">As in <see cref="LockStale"/>.</param>
    public sealed record FenceStale(string Lock, long Token, long? Newest) : CommandResult;

    /// <summary>All the locks that were asked for together, in the order of their names.</summary>
    public sealed record LocksGranted(IReadOnlyList<NamedHold> Holds) : CommandResult;

    /// <summary>None of the locks was granted within the time; these were in the way.</summary>
    public sealed record LocksHeld(IReadOnlyList<HeldLock> Locks) : CommandResult;

    /// <summary>The name is in use for a semaphore of another size, or for a lock.</summary>
    /// <param name="Permits">Permits that there are; 0: it is a lock.</param>
    public sealed record LockPermitsDiffer(string Lock, int Permits) : CommandResult;

    /// <summary>The owner waits for the lock already, with a request for something else.</summary>
    public sealed record LockWaitsAlready(string Lock) : CommandResult;

    public sealed record LockForceReleased(IReadOnlyList<LockHold> Released) : CommandResult;

    /// <summary>A node that left had this id: ids are never used again.</summary>
    public sealed record NodeIdRetired : CommandResult;

    /// <summary>Every node takes the hash of its state at this entry.</summary>
    public sealed record StateMarked(long Index) : CommandResult;

    public sealed record LockNotFound : CommandResult;

    /// <summary>The waiting request was withdrawn by its caller.</summary>
    public sealed record LockWaitCancelled : CommandResult;
}

/// <summary>The answer to a request that waits: the final one comes with an <see cref="IWaitEnded"/>.</summary>
public interface IQueuedResult
{
    /// <summary>Log index of the request.</summary>
    long Ticket { get; }
}
