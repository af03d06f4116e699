using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The rules of locks written down the plain way, to judge what the table does the quick way.</summary>
internal static class LockOracle
{
    public static bool Conflict(LockMode a, LockMode b) => !(a == LockMode.Shared && b == LockMode.Shared);

    /// <summary>Whether the holds allow a request, taking only those owners as holders that may still be in the way.</summary>
    public static bool Fits(LockState state, LockWait wait, Func<string, bool> stays)
    {
        var others = state.Holds.Where(hold => hold.Owner != wait.Owner && stays(hold.Owner)).ToList();
        return wait.Mode == LockMode.Semaphore
            ? others.Sum(hold => hold.Permits) + wait.Permits <= state.Permits
            : others.All(hold => !Conflict(hold.Mode, wait.Mode));
    }

    public static IEnumerable<LockWait> Ahead(LockState state, LockWait wait) =>
        state.Waits.TakeWhile(other => other != wait).Where(other => other.Owner != wait.Owner && Conflict(other.Mode, wait.Mode));

    public static bool Servable(LockState state, LockWait wait) => Fits(state, wait, _ => true) && !Ahead(state, wait).Any();

    /// <summary>Owners that can never finish: again and again everybody whose requests could all be granted goes, with all it holds.</summary>
    public static HashSet<string> Stuck(IReadOnlyList<LockState> locks)
    {
        var left = locks.SelectMany(state => state.Waits.Select(wait => wait.Owner).Concat(state.Holds.Select(hold => hold.Owner))).ToHashSet();
        bool Done(string owner) => locks.All(state =>
            state.WaitOf(owner) is not { } wait
            || (Fits(state, wait, left.Contains) && !Ahead(state, wait).Any(ahead => left.Contains(ahead.Owner))));
        while (left.FirstOrDefault(Done) is { } finished)
        {
            left.Remove(finished);
        }

        return left;
    }

    /// <summary>Every reason why an owner does not get on.</summary>
    public static IEnumerable<(string Owner, string Lock, string HeldBy)> Edges(LockState state) =>
        from wait in state.Waits
        from other in state.Holds.Where(hold => Conflict(wait.Mode, hold.Mode)).Select(hold => hold.Owner)
            .Concat(Ahead(state, wait).Select(ahead => ahead.Owner))
        where other != wait.Owner
        select (wait.Owner, state.Name, other);

    /// <summary>The locks as they would be with a request in their queues.</summary>
    public static List<LockState> With(IEnumerable<LockState> locks, IReadOnlyList<LockPart> parts, string owner)
    {
        var all = locks.ToDictionary(state => state.Name);
        foreach (var part in parts)
        {
            var state = all.GetValueOrDefault(part.Name) ?? LockState.Free(part.Name) with { Permits = part.Permits };
            var wait = new LockWait(owner, part.Mode, long.MaxValue, default, default, null, null, part.Take);
            all[part.Name] = state with { Waits = state.HoldOf(owner) is null ? [.. state.Waits, wait] : [wait, .. state.Waits] };
        }

        return [.. all.Values];
    }

    /// <summary>What is asked for; null when the command asks for no lock.</summary>
    public static (IReadOnlyList<LockPart> Parts, string Owner)? Asked(Core.StateMachine.Command? command) => command switch
    {
        LockAcquire one => ([new LockPart(one.Name, one.Mode, one.Permits, one.Take)], one.Owner),
        LockAcquireAll all => (all.Parts, all.Owner),
        _ => null,
    };
}
