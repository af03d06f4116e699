using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>What can happen to a lock. Part of the snapshot's format: never reuse a number.</summary>
public enum LockTransitionKind : byte
{
    Granted = 1,
    Waiting = 2,
    Renewed = 3,
    Released = 4,
    Expired = 5,
    Forced = 6,

    /// <summary>Not granted, and the request did not want to wait, or the queue was full.</summary>
    Refused = 7,

    /// <summary>Refused because waiting would have closed a cycle.</summary>
    Deadlocked = 8,

    /// <summary>A renewal, a release or a fenced write came with a token that no longer counts.</summary>
    StaleToken = 9,

    /// <summary>A waiting request reached its wait limit.</summary>
    GaveUp = 10,

    /// <summary>A waiting request was withdrawn by its caller.</summary>
    Withdrawn = 11,

    /// <summary>A hold or a waiting request ended with its session.</summary>
    SessionEnded = 12,
}

/// <summary>One line of a lock's flight recorder.</summary>
/// <param name="Owner">Who did it or to whom it happened; empty for a fenced write.</param>
/// <param name="Token">The token concerned; 0 when there is none.</param>
public sealed record LockTransition(long Index, HlcTimestamp Time, LockTransitionKind Kind, string Owner, LockMode Mode, long Token);

/// <summary>The last transitions of a lock, oldest first. Immutable to its readers.</summary>
/// <remarks>
/// A longer history shares the array of the one before it and writes behind its end, where no earlier one looks; only when the
/// array is full the kept part moves to a new one. There is one line of descent: <see cref="Add"/> is called once on each.
/// </remarks>
public sealed class LockHistory
{
    /// <summary>Transitions kept for one lock.</summary>
    public const int Kept = 100;

    private const int Room = 2 * Kept;
    private const int FirstRoom = 4;

    private readonly LockTransition[] _items;
    private readonly int _start;
    private readonly int _end;

    internal LockHistory(string name)
        : this(name, new LockTransition[FirstRoom], 0, 0, null)
    {
    }

    private LockHistory(string name, LockTransition[] items, int start, int end, LockTransition? lastStale)
    {
        Name = name;
        _items = items;
        _start = start;
        _end = end;
        LastStale = lastStale;
    }

    public string Name { get; }

    public int Count => _end - _start;

    /// <summary>The last time that a token was refused; kept when the transition itself has fallen out.</summary>
    public LockTransition? LastStale { get; }

    /// <summary>Log index of the newest transition.</summary>
    public long LastIndex => Count == 0 ? 0 : _items[_end - 1].Index;

    public ReadOnlySpan<LockTransition> Transitions => _items.AsSpan(_start, Count);

    internal LockHistory Add(LockTransition transition)
    {
        var (items, start, end) = (_items, _start, _end);
        if (end == items.Length)
        {
            start = Math.Max(start, end - Kept + 1);
            items = new LockTransition[Math.Min(Room, items.Length * 2)];
            Array.Copy(_items, start, items, 0, end - start);
            (start, end) = (0, end - start);
        }

        items[end++] = transition;
        var stale = transition.Kind == LockTransitionKind.StaleToken ? transition : LastStale;
        return new LockHistory(Name, items, Math.Max(start, end - Kept), end, stale);
    }

    /// <summary>The same with what was refused before the transitions that are kept.</summary>
    internal LockHistory WithLastStale(LockTransition? lastStale) => new(Name, _items, _start, _end, lastStale);
}
