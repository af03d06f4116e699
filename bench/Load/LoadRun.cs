using System.Diagnostics;

namespace Quorate.Bench.Load;

/// <summary>One stretch of load: what was done until its end, and how long each cycle took. What is done later does not count.</summary>
/// <param name="clients">Each of which is in a cycle from the beginning.</param>
/// <param name="duration">The end comes after this long, or</param>
/// <param name="most">after so many; null: no limit.</param>
internal sealed class LoadRun(int clients, TimeSpan duration, long? most)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<long> _cycles = [];
    private int _active = clients;
    private long _counted;
    private long _done;
    private long _lastAt = Stopwatch.GetTimestamp();

    public bool IsOver => _active == 0 || Stopwatch.GetTimestamp() >= End;

    /// <summary>Since the end.</summary>
    public TimeSpan Overtime => Stopwatch.GetElapsedTime(End);

    private long End => _started + (long)(duration.TotalSeconds * Stopwatch.Frequency);

    /// <summary>A client has done what it repeats: a pair, a message, a batch of messages.</summary>
    /// <param name="count">Pairs or messages.</param>
    /// <param name="begunAt">Timestamp of the cycle's beginning; null when cycles overlap and have no length.</param>
    /// <returns>Whether another one is to follow.</returns>
    public bool Complete(int count, long? begunAt)
    {
        _lastAt = Stopwatch.GetTimestamp();
        _done += count;
        if (_lastAt >= End)
        {
            return false;
        }

        _counted += count;
        if (begunAt is { } begun)
        {
            _cycles.Add(_lastAt - begun);
        }

        // What the others are at will be done as well.
        var goesOn = most is null || _done + ((_active - 1) * (long)count) < most;
        _active -= goesOn ? 0 : 1;
        return goesOn;
    }

    public LoadResult Result()
    {
        var seconds = most is null ? duration.TotalSeconds : Stopwatch.GetElapsedTime(_started, _lastAt).TotalSeconds;
        return new LoadResult(_counted / seconds, _done, [.. _cycles.Select(ticks => ticks * 1000.0 / Stopwatch.Frequency)]);
    }
}

/// <param name="PerSecond">What was completed before the end.</param>
/// <param name="Done">All that was completed, also after the end.</param>
/// <param name="CycleMs">Of each cycle that was completed before the end; empty where cycles overlap.</param>
internal sealed record LoadResult(double PerSecond, long Done, IReadOnlyList<double> CycleMs);
