namespace Quorate.Contracts.Locks;

/// <summary>Who waits for whom now, as a graph whose nodes are owners, and the deadlocks that were found and broken, newest first.</summary>
/// <param name="Cycle">
/// The cycle of the newest deadlock, null when there was none. No cycle ever stands: the request that would close it is refused.
/// </param>
public sealed record WaitGraph(
    IReadOnlyList<WaitNode> Nodes, IReadOnlyList<WaitEdge> Edges, IReadOnlyList<DeadlockStep>? Cycle, IReadOnlyList<PastDeadlock> Deadlocks);

/// <summary>An owner that waits or is waited for.</summary>
/// <param name="Holds">Locks that it holds and others wait for, by name.</param>
/// <param name="WaitsFor">Locks that it waits for, by name.</param>
public sealed record WaitNode(string Owner, IReadOnlyList<string> Holds, IReadOnlyList<string> WaitsFor);

/// <param name="Holder">Who holds the lock, or is ahead in its queue.</param>
/// <param name="Mode">How it is wanted.</param>
/// <param name="Ahead">Whether <paramref name="Holder"/> does not hold the lock but waits for it further ahead.</param>
public sealed record WaitEdge(string Waiter, string Holder, string Lock, string Mode, DateTimeOffset Since, bool Ahead = false);

/// <summary>A deadlock that was found and broken.</summary>
/// <param name="Victim">The owner whose request was refused.</param>
/// <param name="Cycle">The owners and locks of the cycle, beginning with the victim.</param>
public sealed record PastDeadlock(DateTimeOffset At, long Index, string Victim, string Lock, IReadOnlyList<DeadlockStep> Cycle);

/// <summary><paramref name="Owner"/> waits for <paramref name="Lock"/>, held by <paramref name="HeldBy"/>.</summary>
/// <param name="Mode">How it is wanted: <c>exclusive</c>, <c>shared</c> or <c>semaphore</c>.</param>
public sealed record DeadlockStep(string Owner, string Lock, string HeldBy, string Mode = "exclusive");
