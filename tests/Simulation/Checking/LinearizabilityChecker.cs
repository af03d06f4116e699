namespace Quorate.Simulation.Checking;

/// <summary>
/// Decides whether a history is linearizable: whether its operations can be put into one order that respects real time and that
/// a single object would have answered the same way.
/// </summary>
/// <remarks>
/// The search of Wing and Gong (1993) with the memoisation of Lowe (2017), as in Horn and Kroening (2015): walk the events in order of
/// time, take the first call that the model allows next, lift it out of the list and begin anew; at a return whose call has not been
/// taken, undo the last choice. A pair of (operations taken, state) that was reached before is not tried again. Iterative: the depth is
/// the length of the history.
/// </remarks>
internal static class LinearizabilityChecker
{
    public static Verdict Check<TState, TOperation>(
        IModel<TState, TOperation> model, IReadOnlyList<Timed<TOperation>> history, CheckBudget budget)
        where TState : notnull
    {
        var events = new EventList<TOperation>(history);
        var unanswered = history.Count(operation => !operation.IsPending);
        var taken = new BitSet(history.Count);
        var seen = new HashSet<Reached<TState>>();
        var choices = new Stack<(EventNode<TOperation> Call, TState Before)>();
        var state = model.Initial;
        var current = events.First;
        while (unanswered > 0)
        {
            if (current!.IsCall)
            {
                if (!budget.TryUse())
                {
                    return Verdict.Unknown;
                }

                if (model.TryStep(state, current.Operation, out var next) && seen.Add(new Reached<TState>(taken.With(current.Id), next)))
                {
                    choices.Push((current, state));
                    state = next;
                    taken.Set(current.Id);
                    unanswered -= current.Match is null ? 0 : 1;
                    EventList<TOperation>.Lift(current);
                    current = events.First;
                }
                else
                {
                    current = current.Next;
                }

                continue;
            }

            // A return whose call is still in the list: what was chosen so far leaves no place for it.
            if (!choices.TryPop(out var undone))
            {
                return Verdict.NotLinearizable;
            }

            state = undone.Before;
            taken.Clear(undone.Call.Id);
            unanswered += undone.Call.Match is null ? 0 : 1;
            EventList<TOperation>.Unlift(undone.Call);
            current = undone.Call.Next;
        }

        return Verdict.Linearizable;
    }

    private readonly record struct Reached<TState>(BitSet Taken, TState State)
        where TState : notnull;
}
