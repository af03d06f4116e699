using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>A queue's last five minutes as lines; grows by what the live feed brings.</summary>
public sealed class QueueCharts
{
    public const int Kept = 300;

    private readonly Queue<QueueSample> _samples = new();

    public void Seed(IEnumerable<QueueSample> samples)
    {
        _samples.Clear();
        foreach (var sample in samples.TakeLast(Kept))
        {
            _samples.Enqueue(sample);
        }
    }

    public void Add(QueueView view, QueueRates rates, DateTimeOffset now)
    {
        _samples.Enqueue(new QueueSample(now, view.ReadyByPriority, view.Delayed, view.InFlight, view.Dead, rates));
        if (_samples.Count > Kept)
        {
            _samples.Dequeue();
        }
    }

    /// <summary>One line for each priority that had messages, the highest first; priority 0 when none had.</summary>
    public IReadOnlyList<(int Priority, IReadOnlyList<Sample> Depths)> ByPriority()
    {
        var used = Enumerable.Range(0, 10).Reverse().Where(priority => _samples.Any(sample => sample.ReadyByPriority[priority] > 0)).ToList();
        return [.. (used.Count == 0 ? [0] : used).Select(priority => (priority, Line(sample => sample.ReadyByPriority[priority])))];
    }

    public IReadOnlyList<Sample> Line(Func<QueueSample, double> value) => [.. _samples.Select(sample => new Sample(sample.At, value(sample)))];
}
