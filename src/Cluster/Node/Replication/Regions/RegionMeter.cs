using Quorate.Core.Replication.Regions;

namespace Quorate.Node.Replication.Regions;

/// <summary>What came from one origin lately: how much, and where its time went. Not thread-safe.</summary>
internal sealed class RegionMeter
{
    private const int Seconds = 60;
    private const int RecentSeconds = 10;
    private const int Sample = 1000;

    private readonly long[] _counts = new long[Seconds];
    private readonly long[] _stamps = new long[Seconds];
    private readonly Queue<(double Queue, double Network, double Apply)> _parts = new();
    private (double Queue, double Network, double Apply) _sum;

    public DateTimeOffset? LastChangeAt { get; private set; }

    public RegionLag? Lag => _parts.Count == 0
        ? null
        : new RegionLag(_sum.Queue / _parts.Count, _sum.Network / _parts.Count, _sum.Apply / _parts.Count);

    public void Add(IReadOnlyList<ChangeEvent> changes, long arrivedMs, long nowMs)
    {
        var second = nowMs / 1000;
        var slot = (int)(second % Seconds);
        if (_stamps[slot] != second)
        {
            (_stamps[slot], _counts[slot]) = (second, 0);
        }

        _counts[slot] += changes.Count;
        foreach (var change in changes.Skip(changes.Count - Math.Min(changes.Count, Sample)))
        {
            var part = ((double)Math.Max(0, change.SentMs - change.At.UnixMs), (double)Math.Max(0, arrivedMs - change.SentMs), (double)Math.Max(0, nowMs - arrivedMs));
            _parts.Enqueue(part);
            _sum = Plus(_sum, part, 1);
            if (_parts.Count > Sample)
            {
                _sum = Plus(_sum, _parts.Dequeue(), -1);
            }
        }

        if (changes.Count > 0)
        {
            LastChangeAt = DateTimeOffset.FromUnixTimeMilliseconds(changes[^1].At.UnixMs);
        }
    }

    public double PerSecond(long nowMs) => Count(nowMs, RecentSeconds) / (double)RecentSeconds;

    public long PerMinute(long nowMs) => Count(nowMs, Seconds);

    private long Count(long nowMs, int seconds)
    {
        var oldest = (nowMs / 1000) - seconds;
        return Enumerable.Range(0, Seconds).Where(slot => _stamps[slot] > oldest).Sum(slot => _counts[slot]);
    }

    private static (double Queue, double Network, double Apply) Plus(
        (double Queue, double Network, double Apply) sum, (double Queue, double Network, double Apply) part, int sign) =>
        (sum.Queue + (sign * part.Queue), sum.Network + (sign * part.Network), sum.Apply + (sign * part.Apply));
}
