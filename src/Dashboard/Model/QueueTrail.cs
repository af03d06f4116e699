using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>The last minute of a queue, second by second: what sparkline and rates are drawn from while nothing arrives.</summary>
/// <remarks>The live feed speaks only when a queue changes. A rate that fell to nothing is seen by its counters standing still.</remarks>
public sealed class QueueTrail
{
    public const int Kept = 60;

    /// <summary>Seconds over which rates and growth are taken: one burst is no growth, and both tell of the same time.</summary>
    private const int Window = 10;

    /// <summary>Seconds from which on what was seen here is better than what the gateway said.</summary>
    private const int Enough = 2;

    private readonly Queue<Sample> _depths = new();
    private readonly Queue<(DateTimeOffset At, QueueCounts Counts, long Ready)> _seen = new();

    /// <param name="view">As read over REST, with its recent depths.</param>
    public QueueTrail(QueueView view, DateTimeOffset now)
    {
        var depths = view.RecentDepths ?? [];
        for (var i = 0; i < depths.Count; i++)
        {
            _depths.Enqueue(new Sample(now.AddSeconds(i - depths.Count), depths[i]));
        }

        Add(view, now);
    }

    public QueueRates Rates { get; private set; } = new(0, 0, 0);

    /// <summary>Ready messages that came to those there were, per second; negative while the queue shrinks.</summary>
    public double Growth { get; private set; }

    public IReadOnlyList<Sample> Depths => [.. _depths];

    public void Add(QueueView view, DateTimeOffset now)
    {
        _depths.Enqueue(new Sample(now, view.Ready));
        if (_depths.Count > Kept)
        {
            _depths.Dequeue();
        }

        _seen.Enqueue((now, view.Counters, view.Ready));
        var (at, counts, ready) = _seen.Peek();
        if (_seen.Count > Window)
        {
            _seen.Dequeue();
        }

        var seconds = (now - at).TotalSeconds;
        if (seconds < Enough)
        {
            (Rates, Growth) = (view.Rates, view.Rates.Enqueued - view.Rates.Delivered);
            return;
        }

        Growth = (view.Ready - ready) / seconds;
        Rates = new QueueRates(
            (view.Counters.Enqueued - counts.Enqueued) / seconds,
            (view.Counters.Delivered - counts.Delivered) / seconds,
            (view.Counters.Acked - counts.Acked) / seconds);
    }
}
