namespace Quorate.Client.Tests;

/// <summary>A clock that moves when a test says so, and only then lets timers fire; or moves without them, as after a pause of the process.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        Pause(by);
        List<ManualTimer> due;
        lock (_gate)
        {
            due = [.. _timers.Where(timer => timer.Due <= _now)];
        }

        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Whether a timer is due after exactly this time.</summary>
    public bool IsAwaited(TimeSpan after)
    {
        lock (_gate)
        {
            return _timers.Exists(timer => timer.Due == _now + after.Ticks);
        }
    }

    /// <summary>Time goes by, and no timer fires.</summary>
    public void Pause(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        private long _due = long.MaxValue;

        public long Due => Interlocked.Read(ref _due);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref _due, dueTime < TimeSpan.Zero ? long.MaxValue : clock._now + dueTime.Ticks);
            return true;
        }

        public void Fire()
        {
            Interlocked.Exchange(ref _due, long.MaxValue);
            fire();
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
