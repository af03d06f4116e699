using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>A grant.</summary>
/// <param name="Token">Fencing token: strictly increasing along the exclusive grants of a lock.</param>
/// <param name="Count">Acquisitions not released yet (reentrancy).</param>
/// <param name="TtlMs">As asked for; null when bound to a session only.</param>
public sealed record LockHold(
    string Owner, LockMode Mode, long Token, HlcTimestamp AcquiredAt, HlcTimestamp? ExpiresAt, long? TtlMs, int Count, long? Session);

/// <summary>A request in the queue.</summary>
/// <param name="Ticket">Log index of the request.</param>
public sealed record LockWait(string Owner, LockMode Mode, long Ticket, HlcTimestamp Since, HlcTimestamp Until, long? TtlMs, long? Session);

/// <summary>A lock. Immutable: a change makes a new one.</summary>
/// <remarks>
/// Invariants: 1. an exclusive hold is alone; 2. an owner appears at most once among the holds and at most once among the waits;
/// 3. the first wait is not compatible with the holds, else it would have been granted.
/// </remarks>
/// <param name="Waits">In the order in which they will be served.</param>
/// <param name="NewestToken">The highest token granted.</param>
public sealed record LockState(string Name, IReadOnlyList<LockHold> Holds, IReadOnlyList<LockWait> Waits, long NewestToken)
{
    public static LockState Free(string name) => new(name, [], [], 0);

    public bool IsIdle => Holds.Count == 0 && Waits.Count == 0;

    public LockHold? HoldOf(string owner) => Holds.FirstOrDefault(hold => hold.Owner == owner);

    public LockWait? WaitOf(string owner) => Waits.FirstOrDefault(wait => wait.Owner == owner);

    /// <summary>Whether a grant to <paramref name="owner"/> would leave the holds compatible; its own hold does not stand in its way.</summary>
    public bool Admits(string owner, LockMode mode)
    {
        foreach (var hold in Holds)
        {
            if (hold.Owner != owner && (mode == LockMode.Exclusive || hold.Mode == LockMode.Exclusive))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><paramref name="Owner"/> waits for <paramref name="Lock"/>, which <paramref name="HeldBy"/> holds or will get first.</summary>
public sealed record CycleStep(string Owner, string Lock, string HeldBy);

/// <summary>A deadlock that was found when a request began to wait, and broken by refusing it.</summary>
public sealed record Deadlock(long Index, HlcTimestamp At, string Victim, string Lock, IReadOnlyList<CycleStep> Cycle);
