namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Who waits for whom. An owner waits for the holders its request conflicts with, and for the requests before it in the queue
/// that it conflicts with: first come, first served means they go first.
/// </summary>
/// <remarks>
/// The graph is not stored: it follows from the locks, so that an expiry, cancel or release removes its edges in the same apply.
/// Edges are added only when a request begins to wait, so looking for a cycle through that request, then, finds every deadlock
/// and nothing else; the request is the youngest of the cycle, which makes it the victim.
/// <para>
/// A cycle alone is no deadlock where a semaphore is in it: any of its holders may give back what is needed. So
/// <see cref="WaitForReduction"/> first plays forward who can still finish; an owner that cannot, whatever
/// the others do, is stuck, and only edges between stuck owners count.
/// </para>
/// </remarks>
internal sealed class WaitForGraph(Func<string, LockState?> lockNamed, Func<string, IEnumerable<string>> waitingOn)
{
    /// <summary>The cycle that <paramref name="owner"/> closes by waiting, beginning with it; null when there is none.</summary>
    public IReadOnlyList<CycleStep>? FindCycle(string owner)
    {
        var reduction = new WaitForReduction(lockNamed, waitingOn);
        if (!reduction.IsStuck(owner))
        {
            return null;
        }

        // Before its request everybody could finish, so whoever is stuck is stuck because of it: each stuck owner leads back to it.
        var seen = new SortedSet<string>(StringComparer.Ordinal) { owner };
        var path = new Stack<(IEnumerator<CycleStep> Edges, CycleStep? Taken)>();
        path.Push((Edges(owner).GetEnumerator(), null));
        while (path.TryPop(out var top))
        {
            if (!top.Edges.MoveNext())
            {
                continue;
            }

            var edge = top.Edges.Current;
            path.Push(top);
            if (edge.HeldBy == owner)
            {
                // Each level of the path was entered by the edge it took, the first by none.
                return [.. path.Reverse().Select(level => level.Taken).OfType<CycleStep>(), edge];
            }

            if (reduction.IsKnownStuck(edge.HeldBy) && seen.Add(edge.HeldBy))
            {
                path.Push((Edges(edge.HeldBy).GetEnumerator(), edge));
            }
        }

        return null;
    }

    /// <summary>Whom an owner waits for, lock by lock: holders first, then who is ahead in the queue.</summary>
    public IEnumerable<CycleStep> Edges(string owner)
    {
        foreach (var name in waitingOn(owner))
        {
            if (lockNamed(name) is not { } state || state.WaitOf(owner) is not { } wait)
            {
                continue;
            }

            // Permits that are free anyway are nobody's: such a request waits only for its turn.
            if (!state.Admits(owner, wait.Mode, wait.Permits))
            {
                foreach (var hold in state.Holds)
                {
                    if (hold.Owner != owner && LockState.Conflict(wait.Mode, hold.Mode))
                    {
                        yield return new CycleStep(owner, name, hold.Owner, wait.Mode);
                    }
                }
            }

            foreach (var ahead in state.Waits.TakeWhile(other => other != wait))
            {
                if (ahead.Owner != owner && LockState.Conflict(wait.Mode, ahead.Mode))
                {
                    yield return new CycleStep(owner, name, ahead.Owner, wait.Mode);
                }
            }
        }
    }
}
