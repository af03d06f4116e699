using System.Collections.Concurrent;
using Quorate.Contracts.Queues;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Metrics;

/// <summary>Looks at every queue once a second: what rates, depths and the last five minutes come from.</summary>
/// <remarks>
/// Memory is bounded: <see cref="MaxQueues"/> queues, the first by name, with <see cref="Kept"/> samples each. Other queues have no history
/// and no rates.
/// </remarks>
public sealed class QueueSampler(ClusterClient cluster, TimeProvider time) : BackgroundService
{
    private const int MaxQueues = 500;
    private const int Kept = 300;
    private const int RecentDepths = 60;

    /// <summary>Seconds over which a rate is taken.</summary>
    private const int RateWindow = 5;

    private static readonly QueueRates Still = new(0, 0, 0);

    private readonly ConcurrentDictionary<string, Track> _tracks = new(StringComparer.Ordinal);

    /// <summary>A queue as it is now, with its rates. Called while the queue does not change.</summary>
    internal QueueView View(MessageQueue queue, bool recent)
    {
        var track = _tracks.GetValueOrDefault(queue.Name);
        return QueueViews.Of(queue, time.GetUtcNow(), track?.Rates ?? Still, recent ? track?.Depths(RecentDepths) ?? [] : null);
    }

    internal IReadOnlyList<QueueSample> History(string name) => _tracks.GetValueOrDefault(name)?.Samples() ?? [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        (HlcTimestamp UpTo, DateTimeOffset At)? last = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            var (upTo, seen) = cluster.Peek(state => (
                state.Time,
                state.Queues.Range("").Take(MaxQueues).Select(queue => (queue.Name, queue.CreatedAt, Look: Look.Take(queue, now))).ToList()));
            foreach (var (name, createdAt, look) in seen)
            {
                // A queue that was deleted and made anew counts from zero.
                var track = _tracks.AddOrUpdate(name, _ => Begin(createdAt), (_, old) => old.Created == createdAt ? old : Begin(createdAt));
                track.Add(look);
            }

            last = upTo > default(HlcTimestamp) ? (upTo, now) : null;

            // Of a queue that is new since the last look it is known that it was empty then: what it counted at once is a rate as well.
            Track Begin(HlcTimestamp createdAt) => new(createdAt, last is var (known, at) && createdAt > known ? Look.Nothing(at) : null);

            foreach (var gone in _tracks.Keys.Except(seen.Select(each => each.Name)))
            {
                _tracks.TryRemove(gone, out _);
            }
        }
    }

    private sealed record Look(DateTimeOffset At, long[] ReadyByPriority, long Delayed, long InFlight, long Dead, QueueCounters Counters)
    {
        public static Look Take(MessageQueue queue, DateTimeOffset now) =>
            new(now, [.. queue.ReadyByPriority], queue.Delayed, queue.InFlight, queue.Dead, queue.Counters);

        public static Look Nothing(DateTimeOffset at) => new(at, [], 0, 0, 0, new QueueCounters());
    }

    private sealed class Track(HlcTimestamp created, Look? before)
    {
        private readonly Lock _gate = new();
        private readonly Queue<Look> _window = new(before is null ? [] : [before]);
        private readonly Queue<QueueSample> _samples = new();

        public HlcTimestamp Created { get; } = created;

        public QueueRates Rates { get; private set; } = Still;

        public void Add(Look look)
        {
            lock (_gate)
            {
                _window.Enqueue(look);
                Rates = RatesBetween(_window.Peek(), look);
                if (_window.Count > RateWindow)
                {
                    _window.Dequeue();
                }

                _samples.Enqueue(new QueueSample(look.At, look.ReadyByPriority, look.Delayed, look.InFlight, look.Dead, Rates));
                if (_samples.Count > Kept)
                {
                    _samples.Dequeue();
                }
            }
        }

        public List<QueueSample> Samples()
        {
            lock (_gate)
            {
                return [.. _samples];
            }
        }

        public List<long> Depths(int count)
        {
            lock (_gate)
            {
                return [.. _samples.TakeLast(count).Select(sample => sample.ReadyByPriority.Sum())];
            }
        }

        private static QueueRates RatesBetween(Look first, Look last)
        {
            var seconds = (last.At - first.At).TotalSeconds;
            return seconds <= 0
                ? Still
                : new QueueRates(
                    (last.Counters.Enqueued - first.Counters.Enqueued) / seconds,
                    (last.Counters.Delivered - first.Counters.Delivered) / seconds,
                    (last.Counters.Acked - first.Counters.Acked) / seconds);
        }
    }
}
