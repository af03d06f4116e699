using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;

namespace Quorate.Client;

/// <summary>Keeping the lock alive.</summary>
public sealed partial class LockHandle
{
    /// <summary>A renewal is due after this part of the TTL, so that two may fail before it is lost.</summary>
    private const int RenewalsPerTtl = 3;

    /// <summary>After a renewal that got no answer the next one comes after this part of the TTL.</summary>
    private const int RetriesPerTtl = 15;

    private TimeSpan RenewalPause => _options.Ttl / RenewalsPerTtl;

    /// <summary>
    /// Begins to renew. Waiting in the queue counts against the deadline, because nobody here knows when the wait ended; where it
    /// used up much, the first renewal comes before the handle is given out.
    /// </summary>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        var left = _clock.GetElapsedTime(_clock.GetTimestamp(), _deadline);
        if (left < _options.Ttl / 2)
        {
            var sentAt = _clock.GetTimestamp();
            try
            {
                await RenewAsync(cancellation);
            }
            catch (QuorateException refused) when (refused.Code == ErrorCodes.StaleToken)
            {
                throw new LockLostException(Fence);
            }

            _deadline = DeadlineFrom(sentAt);
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
                pause = await TryRenewAsync() ? RenewalPause : _options.Ttl / RetriesPerTtl;
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
            await RenewAsync(either.Token);
            Extend(DeadlineFrom(sentAt));
            return true;
        }
        catch (QuorateException refused) when (refused.Code == ErrorCodes.StaleToken)
        {
            lock (_gate)
            {
                Lose();
            }

            return true;
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException || patience.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task<RenewLockResponse> RenewAsync(CancellationToken cancellation) =>
        _client.RenewLockAsync(Name, new RenewLockRequest(Owner, Fence.Token), cancellation);

    /// <summary>A renewal whose answer comes after the deadline changes nothing: the lock counts as lost by then.</summary>
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
