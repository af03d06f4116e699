namespace Quorate.Client;

/// <summary>Something that is held for a time, renews itself in the background and is given back when disposed.</summary>
/// <remarks>
/// <para>
/// Whether it is still held is decided here, without asking anybody: until a deadline on this machine's clock, counted from
/// when the last successful request was <em>sent</em>, so that it lies before the servers' whatever the way of the answer took, less a
/// margin for clocks that differ (<see cref="LeaseTiming.Margin"/>).
/// </para>
/// <code>
///   this process   |--request sent-----------------------------deadline-|--margin--|
///   servers             |--granted-----------------------------------------------expiry-|
/// </code>
/// <para>
/// <see cref="IsHeld"/> and <see cref="ThrowIfLost"/> read the clock each time: after a long pause of the process (garbage
/// collection, SIGSTOP, a laptop asleep) the first call says that it is lost, however late timers run. <see cref="LostToken"/>
/// is tripped by a timer and may come a moment later. Between a check and the write that it was for, the process can still be paused: send
/// a fencing token along with the write and let the resource refuse it.
/// </para>
/// </remarks>
public abstract partial class Lease : IAsyncDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private readonly LeaseTiming _timing;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();

    // Not disposed: its token may be asked at any time, and it owns no timer.
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();

    private State _state = State.Held;
    private long _deadline;
    private ITimer? _timer;
    private Task _renewing = Task.CompletedTask;

    /// <param name="sentAt">When the request that was granted was sent, by <paramref name="clock"/>.</param>
    protected Lease(LeaseTiming timing, TimeProvider clock, long sentAt)
    {
        (_timing, _clock) = (timing, clock);
        _deadline = DeadlineFrom(sentAt);
    }

    private enum State
    {
        Held,
        Lost,
        Released,
    }

    /// <summary>Cancelled when it is lost; not when it is given back.</summary>
    public CancellationToken LostToken => _lost.Token;

    /// <summary>Whether it is certainly still held, by the clock at this moment.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                if (_state == State.Held && _clock.GetTimestamp() >= _deadline)
                {
                    Lose();
                }

                return _state == State.Held;
            }
        }
    }

    /// <summary>How long it is certainly held without a further renewal; zero when it is not.</summary>
    public TimeSpan Remaining => IsHeld ? _clock.GetElapsedTime(_clock.GetTimestamp(), Volatile.Read(ref _deadline)) : TimeSpan.Zero;

    /// <summary>To be called right before each step that it is there for.</summary>
    /// <exception cref="LockLostException">It is not certainly held.</exception>
    public void ThrowIfLost()
    {
        if (!IsHeld)
        {
            throw Loss();
        }
    }

    /// <summary>Stops renewing and gives it back. Should that fail, it ends by itself after its time to live.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_state == State.Released)
            {
                return;
            }

            _state = State.Released;
        }

        await _ended.CancelAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await _renewing;
        using var patience = new CancellationTokenSource(ReleasePatience, _clock);
        await ReleaseAsync(patience.Token);
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks the servers for another time to live. Throws nothing but the caller's cancellation.</summary>
    protected abstract Task<Renewal> RenewAsync(CancellationToken cancellation);

    /// <summary>Tells the servers that it is not needed any more. Throws nothing.</summary>
    protected abstract Task ReleaseAsync(CancellationToken cancellation);

    /// <summary>What is thrown where it was needed and is lost.</summary>
    protected abstract LockLostException Loss();

    private long DeadlineFrom(long sentAt) =>
        sentAt + (long)((_timing.Ttl - _timing.Margin).TotalSeconds * _clock.TimestampFrequency);

    /// <summary>Once lost, always lost: somebody may have acted on it. The caller holds the gate.</summary>
    private void Lose()
    {
        if (_state == State.Held)
        {
            _state = State.Lost;

            // Cancelled as of now; what is registered runs elsewhere, not under the gate.
            _ = _lost.CancelAsync();
            _ = _ended.CancelAsync();
        }
    }
}
