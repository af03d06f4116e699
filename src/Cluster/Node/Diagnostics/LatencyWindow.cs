using System.Diagnostics;
using Quorate.Node.Hosting;

namespace Quorate.Node.Diagnostics;

/// <summary>The latest measurements of a duration, for percentiles over a short window. One writer, any readers.</summary>
public sealed class LatencyWindow
{
    private const int Capacity = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly (long At, long Ticks)[] _samples = new (long, long)[Capacity];
    private readonly Lock _gate = new();
    private long _count;

    public void Add(TimeSpan duration)
    {
        lock (_gate)
        {
            _samples[_count++ % Capacity] = (Stopwatch.GetTimestamp(), duration.Ticks);
        }
    }

    public LatencyFigures Figures()
    {
        var recent = new List<long>();
        lock (_gate)
        {
            var kept = (int)Math.Min(_count, Capacity);
            for (var i = 0; i < kept; i++)
            {
                if (Stopwatch.GetElapsedTime(_samples[i].At) <= Window)
                {
                    recent.Add(_samples[i].Ticks);
                }
            }
        }

        if (recent.Count == 0)
        {
            return default;
        }

        recent.Sort();
        return new LatencyFigures(At(recent, 50), At(recent, 99));
    }

    private static TimeSpan At(List<long> sorted, int percent) => new(sorted[Math.Min(sorted.Count * percent / 100, sorted.Count - 1)]);
}
