using Quorate.Backends.Elections;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Backends.Tests.Conformance;

/// <summary>One leader at a time, over each backend.</summary>
[Collection(BackendCollection.Name)]
public sealed class LeaderElectorTests(BackendServers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly LeaderElectorOptions Options = new() { Ttl = TimeSpan.FromSeconds(2), RetryInterval = TimeSpan.FromMilliseconds(20) };

    private readonly string _lock = $"leader-{Guid.NewGuid():N}";

    public static TheoryData<string> Backends => BackendServers.All;

    [Theory, MemberData(nameof(Backends))]
    public async Task Electors_Two_OneLeadsAndTheOtherFollowsWhenItResigns(string name)
    {
        await using var backend = servers.Open(name);
        await using var otherBackend = servers.Open(name);
        var signals = new List<bool>();
        var first = new LeaderElector(backend, _lock, Options);
        first.Changed += signals.Add;
        first.Start();
        var leadership = await first.WaitAsync().WaitAsync(Limit);
        await using var second = new LeaderElector(otherBackend, _lock, Options);
        second.Start();
        var waiting = second.WaitAsync();

        // It is renewed again and again, and the other does not get it.
        await Eventually.HoldsAsync(() => leadership.Remaining < TimeSpan.FromSeconds(1.3));
        await Eventually.HoldsAsync(() => leadership.Remaining > TimeSpan.FromSeconds(1.4));
        Assert.True(first.IsLeader);
        Assert.False(waiting.IsCompleted);
        Assert.False(second.IsLeader);
        await first.DisposeAsync();

        var next = await waiting.WaitAsync(Limit);
        Assert.True(next.Fence.Token > leadership.Fence.Token);
        Assert.False(first.IsLeader);
        Assert.False(leadership.IsHeld);
        Assert.Equal([true, false], signals);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Elector_LockTakenAway_IsToldAndStandsAgain(string name)
    {
        await using var backend = servers.Open(name);
        await using var elector = new LeaderElector(backend, _lock, Options);
        elector.Start();
        var first = await elector.WaitAsync().WaitAsync(Limit);

        Assert.True(await backend.ReleaseLockAsync(new SyncLock(_lock, first.Owner, first.Fence.Token)));

        await Eventually.HoldsAsync(() => first.LostToken.IsCancellationRequested);
        Assert.False(first.IsHeld);
        var again = await elector.WaitAsync().WaitAsync(Limit);
        Assert.True(again.Fence.Token > first.Fence.Token);
    }
}
