using Quorate.Contracts;
using Quorate.Contracts.Problems;

namespace Quorate.Client.Tests.Locks;

/// <summary>A TTL of 9 s with a margin of 1 s: renewed after 3 s, lost 8 s after the last request that succeeded was sent.</summary>
public sealed class LockHandleTests
{
    private static readonly LockOptions Options = new() { Ttl = Seconds(9), DriftMargin = Seconds(1) };

    private readonly ManualClock _clock = new();
    private readonly LockGateway _gateway = new();

    [Fact]
    public async Task Acquire_Granted_IsHeldUntilTheMarginBeforeTheServersExpiry()
    {
        await using var handle = await AcquireAsync();

        _clock.Pause(Seconds(8) - TimeSpan.FromTicks(1));
        Assert.True(handle.IsHeld);
        _clock.Pause(TimeSpan.FromTicks(1));
        Assert.False(handle.IsHeld);
        Assert.Equal(TimeSpan.Zero, handle.Remaining);
        Assert.Equal(new LockFence("door", LockGateway.Token), Assert.Throws<LockLostException>(handle.ThrowIfLost).Fence);
    }

    [Fact]
    public async Task Deadline_AnswerTookLong_CountsFromWhenTheRequestWasSent()
    {
        _gateway.OnAcquire = () => Passes(Seconds(2));
        await using var handle = await AcquireAsync();

        Assert.Equal(Seconds(6), handle.Remaining);
    }

    [Fact]
    public async Task Acquire_WaitedLongInTheQueue_IsRenewedBeforeItIsGivenOut()
    {
        _gateway.OnAcquire = () => Passes(Seconds(60));
        await using var handle = await AcquireAsync();

        Assert.Equal(1, _gateway.Count("renew"));
        Assert.Equal(Seconds(8), handle.Remaining);
    }

    [Fact]
    public async Task Acquire_LostBeforeTheAnswerIsHere_IsNeverGivenOut()
    {
        _gateway.OnAcquire = () => Passes(Seconds(60));
        _gateway.OnRenew = _ => Task.FromResult<string?>(ErrorCodes.StaleToken);

        await Assert.ThrowsAsync<LockLostException>(() => AcquireAsync());
        Assert.Equal(1, _gateway.Count("release"));
    }

    [Fact]
    public async Task Renewal_InTime_ExtendsFromWhenItWasSent()
    {
        _gateway.OnRenew = async _ =>
        {
            await Passes(Seconds(1));
            return null;
        };
        await using var handle = await AcquireAsync();

        await RenewAfterAsync(Seconds(3), 1);

        await Eventually.HoldsAsync(() => handle.Remaining == Seconds(7));
        Assert.False(handle.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Renewals_Unanswered_AreTriedAgainUntilTheDeadlineTripsTheToken()
    {
        _gateway.OnRenew = _ => throw new HttpRequestException("nobody there");
        await using var handle = await AcquireAsync();

        await RenewAfterAsync(Seconds(3), 1);
        await RenewAfterAsync(Seconds(0.6), 2);
        Assert.True(handle.IsHeld);
        Assert.False(handle.LostToken.IsCancellationRequested);
        _clock.Advance(Seconds(4.4));

        Assert.True(handle.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Renewal_AnswerAfterTheDeadline_DoesNotBringTheLockBack()
    {
        var answer = new TaskCompletionSource<string?>();
        _gateway.OnRenew = _ => answer.Task;
        var handle = await AcquireAsync();
        await RenewAfterAsync(Seconds(3), 1);

        _clock.Pause(Seconds(5));
        answer.SetResult(null);
        await handle.DisposeAsync();

        Assert.False(handle.IsHeld);
        Assert.Equal(1, _gateway.Count("release"));
    }

    [Fact]
    public async Task Renewal_TokenIsStale_IsLostAtOnce()
    {
        _gateway.OnRenew = _ => Task.FromResult<string?>(ErrorCodes.StaleToken);
        await using var handle = await AcquireAsync();

        await RenewAfterAsync(Seconds(3), 1);

        await Eventually.HoldsAsync(() => handle.LostToken.IsCancellationRequested);
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task Pause_LongerThanTheDeadline_IsSeenByTheFirstCheckAlthoughNoTimerRan()
    {
        await using var handle = await AcquireAsync();

        _clock.Pause(Seconds(60));

        Assert.Throws<LockLostException>(handle.ThrowIfLost);
        Assert.True(handle.LostToken.IsCancellationRequested);
        Assert.Equal(0, _gateway.Count("renew"));
    }

    [Fact]
    public async Task Dispose_Held_ReleasesOnceAndIsNoLoss()
    {
        var handle = await AcquireAsync();

        await handle.DisposeAsync();
        await handle.DisposeAsync();

        Assert.Equal(1, _gateway.Count("release"));
        Assert.False(handle.IsHeld);
        Assert.False(handle.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task With_AFence_GoesAlongWithWritesOnly()
    {
        var fenced = _gateway.Client.With(new LockFence("a/b:c", 7));
        await fenced.ReleaseLockAsync("door", new("me", 1));
        await fenced.GetLockAsync("door");

        Assert.Equal("a%2Fb%3Ac:7", Assert.Single(_gateway.Requests[0].Headers.GetValues(Headers.Fencing)));
        Assert.False(_gateway.Requests[1].Headers.Contains(Headers.Fencing));
    }

    [Theory]
    [InlineData(0.05, 0.01)]
    [InlineData(9, 0)]
    [InlineData(9, 5)]
    public async Task Options_OutOfRange_AreRefusedBeforeAnythingIsSent(double ttl, double margin)
    {
        var options = new LockOptions { Ttl = Seconds(ttl), DriftMargin = Seconds(margin) };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => new LockClient(_gateway.Client, _clock).AcquireAsync("door", options));
        Assert.Empty(_gateway.Requests);
    }

    [Fact]
    public void BootClock_Elapses()
    {
        var clock = BootClock.Instance;
        var before = clock.GetTimestamp();

        Assert.True(SpinWait.SpinUntil(() => clock.GetElapsedTime(before) > TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)));
        Assert.InRange(clock.GetElapsedTime(0), TimeSpan.FromMilliseconds(Environment.TickCount64 - 1000), TimeSpan.MaxValue);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private Task<LockHandle> AcquireAsync() => new LockClient(_gateway.Client, _clock).AcquireAsync("door", Options);

    private Task Passes(TimeSpan time)
    {
        _clock.Pause(time);
        return Task.CompletedTask;
    }

    /// <summary>The renewing task sets its timer when it gets to it: time passes once that has happened.</summary>
    private async Task RenewAfterAsync(TimeSpan pause, int renewals)
    {
        await Eventually.HoldsAsync(() => _clock.IsAwaited(pause));
        _clock.Advance(pause);
        await Eventually.HoldsAsync(() => _gateway.Count("renew") == renewals);
    }
}
