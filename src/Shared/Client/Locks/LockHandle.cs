using Quorate.Contracts.Locks;

namespace Quorate.Client;

/// <summary>A lock that is held. It renews itself in the background and is given back when disposed.</summary>
/// <remarks>
/// <para>
/// Whether the lock is still held is decided here, without asking anybody: until a deadline on this machine's clock, counted from
/// when the last successful request was <em>sent</em>, so that it lies before the servers' whatever the way of the answer took, less a
/// margin for clocks that differ (<see cref="LockOptions.DriftMargin"/>).
/// </para>
/// <code>
///   this process   |--request sent-----------------------------deadline-|--margin--|
///   servers             |--granted-----------------------------------------------expiry-|
/// </code>
/// <para>
/// <see cref="IsHeld"/> and <see cref="ThrowIfLost"/> read the clock each time: after a long pause of the process (garbage
/// collection, SIGSTOP, a laptop asleep) the first call says that the lock is lost, however late timers run. <see cref="LostToken"/>
/// is tripped by a timer and may come a moment later. Between a check and the write that it was for, the process can still be paused: send <see cref="Fence"/>
/// along with the write and let the resource refuse it.
/// </para>
/// </remarks>
public sealed partial class LockHandle : IAsyncDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private readonly QuorateClient _client;
    private readonly TimeProvider _clock;
    private readonly LockOptions _options;
    private readonly Lock _gate = new();

    // Not disposed: its token may be asked at any time, and it owns no timer.
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();

    private State _state = State.Held;
    private long _deadline;
    private ITimer? _timer;
    private Task _renewing = Task.CompletedTask;

    internal LockHandle(QuorateClient client, TimeProvider clock, AcquireLockResponse granted, LockOptions options, long sentAt)
    {
        (_client, _clock, _options) = (client, clock, options);
        Owner = granted.Owner;
        Fence = new LockFence(granted.Name, granted.FencingToken);
        _deadline = DeadlineFrom(sentAt);
    }

    private enum State
    {
        Held,
        Lost,
        Released,
    }

    public string Name => Fence.Lock;

    public string Owner { get; }

    /// <summary>For <see cref="QuorateClient.With"/> and for resources that check tokens themselves.</summary>
    public LockFence Fence { get; }

    /// <summary>Cancelled when the lock is lost; not when it is given back.</summary>
    public CancellationToken LostToken => _lost.Token;

    /// <summary>Whether the lock is certainly still held, by the clock at this moment.</summary>
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

    /// <summary>To be called right before each step that the lock is there for.</summary>
    /// <exception cref="LockLostException">It is not certainly held.</exception>
    public void ThrowIfLost()
    {
        if (!IsHeld)
        {
            throw new LockLostException(Fence);
        }
    }

    /// <summary>Stops renewing and gives the lock back. Should that fail, the lock ends by itself after its time to live.</summary>
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
        try
        {
            await _client.ReleaseLockAsync(Name, new ReleaseLockRequest(Owner, Fence.Token), patience.Token);
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException or OperationCanceledException)
        {
            // It was lost already, or nobody answers: its time to live ends it.
        }
    }

    private long DeadlineFrom(long sentAt) =>
        sentAt + (long)((_options.Ttl - _options.Margin).TotalSeconds * _clock.TimestampFrequency);

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
