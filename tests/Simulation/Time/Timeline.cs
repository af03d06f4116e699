namespace Quorate.Simulation.Time;

/// <summary>Virtual time, in microseconds from the start of a run: jumps from one planned event to the next.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, Moment> _events = new();
    private long _planned;

    public long Now { get; private set; }

    /// <summary>Events so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Events of one moment happen in the order in which they were planned.</summary>
    public void At(long moment, Action happens) => _events.Enqueue(happens, new Moment(Math.Max(moment, Now), _planned++));

    public void After(long delay, Action happens) => At(Now + delay, happens);

    /// <summary>Lets the next event happen, unless it comes after <paramref name="limit"/>; then time goes on to there.</summary>
    public bool TryStep(long limit)
    {
        if (!_events.TryPeek(out var happens, out var moment) || moment.At > limit)
        {
            Now = limit;
            return false;
        }

        _events.Dequeue();
        Now = moment.At;
        Steps++;
        happens();
        return true;
    }

    private readonly record struct Moment(long At, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => At != other.At ? At.CompareTo(other.At) : Order.CompareTo(other.Order);
    }
}

/// <summary>Names for lengths of virtual time.</summary>
internal static class Duration
{
    public const long Millisecond = 1_000;
    public const long Second = 1_000_000;
}
