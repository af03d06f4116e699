using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>A grant.</summary>
/// <param name="Token">Fencing token: strictly increasing along the grants of a lock, but for those that share it.</param>
/// <param name="Count">Acquisitions not released yet (reentrancy).</param>
/// <param name="TtlMs">As asked for; null when bound to a session only.</param>
/// <param name="Permits">Permits of a semaphore that it has; 0 for a lock.</param>
public sealed record LockHold(
    string Owner,
    LockMode Mode,
    long Token,
    HlcTimestamp AcquiredAt,
    HlcTimestamp? ExpiresAt,
    long? TtlMs,
    int Count,
    long? Session,
    int Permits = 0);

/// <summary>A request in the queue.</summary>
/// <param name="Ticket">Log index of the request. A request for several locks waits in each of their queues with the same ticket.</param>
/// <param name="Permits">Permits of a semaphore that it wants; 0 for a lock.</param>
public sealed record LockWait(
    string Owner, LockMode Mode, long Ticket, HlcTimestamp Since, HlcTimestamp Until, long? TtlMs, long? Session, int Permits = 0);

/// <summary>A request for several locks that waits.</summary>
public sealed record LockWaitAll(long Ticket, string Owner, IReadOnlyList<LockPart> Parts);

/// <summary>A lock granted together with others.</summary>
public sealed record NamedHold(string Lock, LockHold Hold);

/// <summary>A lock or a semaphore. Immutable: a change makes a new one.</summary>
/// <remarks>
/// Invariants: 1. an exclusive hold is alone, and holds of a semaphore have at most all of its permits together; 2. an owner appears
/// at most once among the holds and at most once among the waits; 3. no wait that stands alone could be granted: it is not
/// compatible with the holds, or with a wait before it; 4. no hold and no wait outlives its time; 5. no token is beyond
/// <see cref="NewestToken"/>, and only shared holds have the same.
/// </remarks>
/// <param name="Waits">In the order in which they will be served.</param>
/// <param name="NewestToken">The highest token granted.</param>
/// <param name="Permits">Permits that there are altogether; 0 for a lock.</param>
public sealed record LockState(
    string Name, IReadOnlyList<LockHold> Holds, IReadOnlyList<LockWait> Waits, long NewestToken, int Permits = 0)
{
    public static LockState Free(string name) => new(name, [], [], 0);

    public bool IsIdle => Holds.Count == 0 && Waits.Count == 0;

    public LockHold? HoldOf(string owner)
    {
        foreach (var hold in Holds)
        {
            if (hold.Owner == owner)
            {
                return hold;
            }
        }

        return null;
    }

    public LockWait? WaitOf(string owner)
    {
        foreach (var wait in Waits)
        {
            if (wait.Owner == owner)
            {
                return wait;
            }
        }

        return null;
    }

    /// <summary>Whether a grant to <paramref name="owner"/> would leave the holds compatible; its own hold does not stand in its way.</summary>
    /// <param name="take">Permits wanted of a semaphore.</param>
    public bool Admits(string owner, LockMode mode, int take = 0)
    {
        long taken = take;
        foreach (var hold in Holds)
        {
            if (hold.Owner == owner)
            {
                continue;
            }

            taken += hold.Permits;
            if (mode != LockMode.Semaphore && Conflict(mode, hold.Mode))
            {
                return false;
            }
        }

        return taken <= Permits;
    }

    /// <summary>Whether nobody further ahead in the queue keeps <paramref name="wait"/> from being served, nor the holds.</summary>
    public bool Serves(LockWait wait)
    {
        foreach (var ahead in Waits)
        {
            if (ahead == wait)
            {
                return Admits(wait.Owner, wait.Mode, wait.Permits);
            }

            if (Conflict(ahead.Mode, wait.Mode))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether one has to wait for the other in a queue. Permits are handed out strictly in order, so that a large request is not starved.</summary>
    public static bool Conflict(LockMode a, LockMode b) => a != LockMode.Shared || b != LockMode.Shared;
}

/// <summary><paramref name="Owner"/> waits for <paramref name="Lock"/>, which <paramref name="HeldBy"/> holds or will get first.</summary>
/// <param name="Mode">How it is wanted.</param>
public sealed record CycleStep(string Owner, string Lock, string HeldBy, LockMode Mode = LockMode.Exclusive);

/// <summary>A deadlock that was found when a request began to wait, and broken by refusing it.</summary>
public sealed record Deadlock(long Index, HlcTimestamp At, string Victim, string Lock, IReadOnlyList<CycleStep> Cycle);

/// <summary>A lock that could not be taken, and who has it.</summary>
public sealed record HeldLock(string Lock, IReadOnlyList<LockHold> Holders);
