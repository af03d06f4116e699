namespace Quorate.Client;

/// <summary>Keeping it alive.</summary>
public abstract partial class Lease
{
    /// <summary>A renewal is due after this part of the TTL, so that two may fail before it is lost.</summary>
    private const int RenewalsPerTtl = 3;

    /// <summary>After a renewal that got no answer the next one comes after this part of the TTL.</summary>
    private const int RetriesPerTtl = 15;

    private TimeSpan RenewalPause => _timing.Ttl / RenewalsPerTtl;

    /// <summary>
    /// Begins to renew. Waiting in the queue counts against the deadline, because nobody here knows when the wait ended; where it
    /// used up much, the first renewal comes before the lease is given out.
    /// </summary>
    /// <exception cref="LockLostException">Its time has run out already.</exception>
    protected internal async Task StartAsync(CancellationToken cancellation)
    {
        if (_clock.GetElapsedTime(_clock.GetTimestamp(), _deadline) < _timing.Ttl / 2)
        {
            var sentAt = _clock.GetTimestamp();
            switch (await RenewAsync(cancellation))
            {
                case Renewal.Renewed:
                    _deadline = DeadlineFrom(sentAt);
                    break;
                case Renewal.Refused:
                    throw Loss();
            }
        }

        ThrowIfLost();
        _timer = _clock.CreateTimer(_ => Watch(), null, Remaining, Timeout.InfiniteTimeSpan);
        _renewing = Task.Run(KeepAsync, CancellationToken.None);
    }

    private async Task KeepAsync()
    {
        var pause = RenewalPause;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, _clock, _ended.Token);
                pause = await TryRenewAsync() ? RenewalPause : _timing.Ttl / RetriesPerTtl;
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>False when nobody answered; then it is tried again soon.</returns>
    private async Task<bool> TryRenewAsync()
    {
        var sentAt = _clock.GetTimestamp();
        using var patience = new CancellationTokenSource(RenewalPause, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ended.Token);
        try
        {
            switch (await RenewAsync(either.Token))
            {
                case Renewal.Renewed:
                    Extend(DeadlineFrom(sentAt));
                    return true;
                case Renewal.Refused:
                    lock (_gate)
                    {
                        Lose();
                    }

                    return true;
                default:
                    return false;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A renewal whose answer comes after the deadline changes nothing: it counts as lost by then.</summary>
    private void Extend(long deadline)
    {
        lock (_gate)
        {
            if (IsHeld)
            {
                _deadline = Math.Max(_deadline, deadline);
                _timer!.Change(Remaining, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The timer was due; it may be early by the clock that counts.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            if (IsHeld)
            {
                _timer?.Change(Remaining, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
