using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>The last minute of a queue, second by second: what sparkline and rates are drawn from while nothing arrives.</summary>
/// <remarks>The live feed speaks only when a queue changes. A rate that fell to nothing is seen by its counters standing still.</remarks>
public sealed class QueueTrail
{
    public const int Kept = 60;

    /// <summary>Seconds over which a rate is taken.</summary>
    private const int RateWindow = 5;

    /// <summary>Seconds over which growth is taken: one burst is none.</summary>
    private const int GrowthWindow = 10;

    private readonly Queue<Sample> _depths = new();
    private readonly Queue<(DateTimeOffset At, QueueCounts Counts)> _counts = new();

    /// <param name="view">As read over REST, with its recent depths.</param>
    public QueueTrail(QueueView view, DateTimeOffset now)
    {
        var depths = view.RecentDepths ?? [];
        for (var i = 0; i < depths.Count; i++)
        {
            _depths.Enqueue(new Sample(now.AddSeconds(i - depths.Count), depths[i]));
        }

        Rates = view.Rates;
        Add(view, now);
    }

    public QueueRates Rates { get; private set; }

    /// <summary>Ready messages that came to those there were, per second; negative while the queue shrinks.</summary>
    public double Growth
    {
        get
        {
            var recent = _depths.TakeLast(GrowthWindow).ToList();
            var seconds = (recent[^1].At - recent[0].At).TotalSeconds;
            return seconds <= 0 ? 0 : (recent[^1].Value - recent[0].Value) / seconds ?? 0;
        }
    }

    public IReadOnlyList<Sample> Depths => [.. _depths];

    public void Add(QueueView view, DateTimeOffset now)
    {
        _depths.Enqueue(new Sample(now, view.Ready));
        if (_depths.Count > Kept)
        {
            _depths.Dequeue();
        }

        _counts.Enqueue((now, view.Counters));
        var (at, counts) = _counts.Peek();
        if (_counts.Count > RateWindow)
        {
            _counts.Dequeue();
        }

        var seconds = (now - at).TotalSeconds;
        if (seconds >= 1)
        {
            Rates = new QueueRates(
                (view.Counters.Enqueued - counts.Enqueued) / seconds,
                (view.Counters.Delivered - counts.Delivered) / seconds,
                (view.Counters.Acked - counts.Acked) / seconds);
        }
    }
}
