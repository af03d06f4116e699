using Quorate.Contracts.Locks;

namespace Quorate.Client.Tests.Locks;

/// <summary>Two locks taken together: a TTL of 9 s with a margin of 1 s, as in <see cref="LockHandleTests"/>.</summary>
public sealed class LockSetHandleTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly LockOptions Options = new() { Ttl = TimeSpan.FromSeconds(9), DriftMargin = TimeSpan.FromSeconds(1) };

    private readonly ManualClock _clock = new();
    private readonly LockGateway _gateway = new();

    [Fact]
    public async Task AcquireAll_Granted_HoldsEachWithItsFenceUntilOneDeadline()
    {
        await using var handle = await AcquireAsync();

        Assert.Equal([new LockFence("back", LockGateway.Token), new LockFence("front", LockGateway.Token + 1)], handle.Fences);
        Assert.Equal(LockGateway.Token + 1, handle.FenceOf("front").Token);
        Assert.Throws<ArgumentException>(() => handle.FenceOf("side"));
        _clock.Pause(TimeSpan.FromSeconds(8) - TimeSpan.FromTicks(1));
        Assert.True(handle.IsHeld);
        _clock.Pause(TimeSpan.FromTicks(1));
        Assert.Throws<LockLostException>(handle.ThrowIfLost);
        Assert.True(handle.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Renewal_InTime_IsOneRequestForAll()
    {
        await using var handle = await AcquireAsync();

        await PassAsync(Pause);

        await Eventually.HoldsAsync(() => handle.Remaining == TimeSpan.FromSeconds(8));
        Assert.Equal(1, _gateway.Count("locks:renew"));
        Assert.Equal(2, _gateway.Requests.Count);
    }

    [Fact]
    public async Task Renewal_OneIsLost_LosesTheWholeAndNamesIt()
    {
        await using var handle = await AcquireAsync();
        _gateway.Lost = ["front"];

        await PassAsync(Pause);

        await Eventually.HoldsAsync(() => handle.LostToken.IsCancellationRequested);
        Assert.Equal("front", Assert.Throws<LockLostException>(handle.ThrowIfLost).Fence.Lock);
    }

    [Fact]
    public async Task Dispose_AfterOneWasLost_GivesTheOthersBackToo()
    {
        var handle = await AcquireAsync();
        _gateway.Lost = ["front"];
        await PassAsync(Pause);
        await Eventually.HoldsAsync(() => !handle.IsHeld);

        await handle.DisposeAsync();
        await handle.DisposeAsync();

        Assert.Equal(1, _gateway.Count("locks:release"));
    }

    private Task<LockSetHandle> AcquireAsync() =>
        new LockClient(_gateway.Client, _clock).AcquireAllAsync([new LockRequestPart("back"), new LockRequestPart("front", "shared")], Options);

    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.HoldsAsync(() => _clock.IsAwaited(time));
        _clock.Advance(time);
        await Eventually.HoldsAsync(() => _gateway.Count("locks:renew") > 0);
    }
}
