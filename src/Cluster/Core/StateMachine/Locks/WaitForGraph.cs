namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Who waits for whom. An owner waits for the holders its request conflicts with, and for the requests before it in the queue
/// that it conflicts with: first come, first served means they go first.
/// </summary>
/// <remarks>
/// The graph is not stored: it follows from the locks, so that an expiry, cancel or release removes its edges in the same apply.
/// Edges are added only when a request begins to wait, so looking for a cycle through that request, then, finds every deadlock
/// and nothing else; the request is the youngest of the cycle, which makes it the victim.
/// </remarks>
internal sealed class WaitForGraph(Func<string, LockState?> lockNamed, Func<string, IEnumerable<string>> waitingOn)
{
    private enum Colour
    {
        White,
        Grey,
        Black,
    }

    /// <summary>The cycle that <paramref name="owner"/> closes, beginning with it; null when there is none.</summary>
    public IReadOnlyList<CycleStep>? FindCycle(string owner)
    {
        var colours = new SortedDictionary<string, Colour>(StringComparer.Ordinal) { [owner] = Colour.Grey };
        var path = new Stack<(IEnumerator<CycleStep> Edges, CycleStep? Taken)>();
        path.Push((Edges(owner).GetEnumerator(), null));
        while (path.TryPop(out var top))
        {
            if (!top.Edges.MoveNext())
            {
                if (top.Taken is { } done)
                {
                    colours[done.HeldBy] = Colour.Black;
                }

                continue;
            }

            var edge = top.Edges.Current;
            path.Push(top);
            if (edge.HeldBy == owner)
            {
                // Each level of the path was entered by the edge it took, the first by none.
                return [.. path.Reverse().Select(level => level.Taken).OfType<CycleStep>(), edge];
            }

            if (colours.GetValueOrDefault(edge.HeldBy) == Colour.White)
            {
                colours[edge.HeldBy] = Colour.Grey;
                path.Push((Edges(edge.HeldBy).GetEnumerator(), edge));
            }
        }

        return null;
    }

    /// <summary>Whom an owner waits for, lock by lock.</summary>
    public IEnumerable<CycleStep> Edges(string owner)
    {
        foreach (var name in waitingOn(owner))
        {
            if (lockNamed(name) is not { } state || state.WaitOf(owner) is not { } wait)
            {
                continue;
            }

            foreach (var hold in state.Holds)
            {
                if (hold.Owner != owner && Conflict(wait.Mode, hold.Mode))
                {
                    yield return new CycleStep(owner, name, hold.Owner);
                }
            }

            foreach (var ahead in state.Waits.TakeWhile(other => other != wait))
            {
                if (ahead.Owner != owner && Conflict(wait.Mode, ahead.Mode))
                {
                    yield return new CycleStep(owner, name, ahead.Owner);
                }
            }
        }
    }

    private static bool Conflict(LockMode a, LockMode b) => a == LockMode.Exclusive || b == LockMode.Exclusive;
}
