using System.Text.Json;
using Quorate.Backends.Elections;
using Quorate.Backends.Redis;
using Quorate.Backends.State;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Backends.Tests.Redis;

/// <summary>A real redis-server that hangs (SIGSTOP), or dies and comes back with nothing.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly SyncOptions Eager = new() { RefreshInterval = TimeSpan.FromMilliseconds(50) };

    private RedisServer? _redis;

    public async Task InitializeAsync() => _redis = RedisServer.IsInstalled ? await RedisServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [RedisFact]
    public async Task Requests_RedisHangs_FailInTimeAndSucceedAfterwards()
    {
        await using var backend = Open();
        var version = await backend.SetAsync("rate", Number(1));

        _redis!.Pause();
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.GetAsync("rate"));
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.TryAcquireLockAsync("door", "me", Long));
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.PublishAsync("rate", Number(2)));
        _redis.Continue();

        await AnswersAsync(backend);
        Assert.Equal(version, (await backend.GetAsync("rate"))!.Version);
    }

    [RedisFact]
    public async Task Requests_MoreThanTheBoundWhileRedisHangs_FailAtOnce()
    {
        await using var backend = new RedisSyncBackend(new RedisSyncOptions { ConnectionString = _redis!.Address, Timeout = Limit, MaxInFlight = 3 });
        await backend.SetAsync("rate", Number(1));

        _redis.Pause();
        var waiting = Enumerable.Range(0, 3).Select(_ => backend.GetAsync("rate")).ToArray();
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.GetAsync("rate"));
        Assert.All(waiting, each => Assert.False(each.IsCompleted));
        _redis.Continue();

        await AnswersAsync(backend);
    }

    [RedisFact]
    public async Task Redis_LostEverything_VersionsAndTokensGoOnGrowing()
    {
        await using var backend = Open();
        var version = await backend.SetAsync("rate", Number(1));
        var held = Assert.IsType<SyncLock>(await backend.TryAcquireLockAsync("door", "me", Long));

        await RestartAsync(backend);

        Assert.Null(await backend.GetAsync("rate"));
        Assert.Null(await backend.CompareAndSetAsync("rate", version, Number(2)));
        Assert.True(await backend.CompareAndSetAsync("rate", 0, Number(3)) > version);
        var next = Assert.IsType<SyncLock>(await backend.TryAcquireLockAsync("door", "other", Long));
        Assert.True(next.Token > held.Token);
        Assert.False(await backend.RenewLockAsync(held, Long));
        Assert.False(await backend.ReleaseLockAsync(held));
    }

    [RedisFact]
    public async Task Sync_RedisRestarts_FollowsTheLossAndWhatIsWrittenNext()
    {
        await using var backend = Open();
        var service = new SyncService(backend, Eager);
        await service.SetAsync("rate", 1);
        await using var sync = await service.SyncAsync<int>("rate");

        await RestartAsync(backend);
        await Eventually.HoldsAsync(() => sync.State is null);
        await service.SetAsync("rate", 2);

        await Eventually.HoldsAsync(() => sync.Current == 2);
    }

    [RedisFact]
    public async Task Sync_RedisRestarts_HearsMessagesAgain()
    {
        await using var backend = Open();
        await using var subscription = await backend.SubscribeAsync("topic");

        await RestartAsync(backend);
        using var limit = new CancellationTokenSource(Limit);
        await using var messages = subscription.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        var heard = messages.MoveNextAsync().AsTask();
        await Eventually.HoldsAsync(async () =>
        {
            await backend.PublishAsync("topic", Number(1));
            return heard.IsCompleted;
        });

        Assert.True(await heard);
    }

    [RedisFact]
    public async Task Sync_RedisHangs_KeepsTheValueAndSaysHowOldItIs()
    {
        await using var backend = Open();
        var service = new SyncService(backend, Eager);
        await service.SetAsync("rate", 1);
        await using var sync = await service.SyncAsync<int>("rate");

        _redis!.Pause();
        await Assert.ThrowsAsync<SyncBackendException>(() => service.UpdateAsync<int>("rate", rate => rate + 1));
        var confirmed = sync.ConfirmedAt;
        Assert.Equal(1, sync.Current);
        _redis.Continue();

        await Eventually.HoldsAsync(() => sync.ConfirmedAt > confirmed);
    }

    [RedisFact]
    public async Task Leader_RedisHangs_StepsDownBeforeAnybodyElseCanLead()
    {
        var options = new LeaderElectorOptions { Ttl = TimeSpan.FromSeconds(1), RetryInterval = TimeSpan.FromMilliseconds(20) };
        await using var backend = Open();
        await using var first = new LeaderElector(backend, "leader", options);
        first.Start();
        var leadership = await first.WaitAsync().WaitAsync(Limit);
        await using var otherBackend = Open();
        await using var second = new LeaderElector(otherBackend, "leader", options);
        second.Start();
        var waiting = second.WaitAsync();
        var heldAtHandover = (bool?)null;
        second.Changed += leads => heldAtHandover ??= leads && leadership.IsHeld;

        _redis!.Pause();
        await Eventually.HoldsAsync(() => leadership.LostToken.IsCancellationRequested);
        Assert.False(first.IsLeader);
        await first.DisposeAsync();
        _redis.Continue();

        var next = await waiting.WaitAsync(Limit);
        Assert.True(next.Fence.Token > leadership.Fence.Token);
        await Eventually.HoldsAsync(() => heldAtHandover is not null);
        Assert.False(heldAtHandover);
    }

    [RedisFact]
    public async Task Redis_NotThereAtFirst_IsFoundWhenItComes()
    {
        _redis!.Kill();
        await using var backend = Open();
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.SetAsync("rate", Number(1)));

        await _redis.StartAgainAsync();

        await AnswersAsync(backend);
    }

    private static JsonElement Number(int number) => JsonSerializer.SerializeToElement(number);

    private RedisSyncBackend Open() => new(new RedisSyncOptions { ConnectionString = _redis!.Address, Timeout = Patience });

    private async Task RestartAsync(RedisSyncBackend backend)
    {
        _redis!.Kill();
        await _redis.StartAgainAsync();
        await AnswersAsync(backend);
    }

    private static Task AnswersAsync(RedisSyncBackend backend) => Eventually.HoldsAsync(async () =>
    {
        try
        {
            await backend.GetAsync("is anybody there");
            return true;
        }
        catch (SyncBackendException)
        {
            return false;
        }
    });
}
