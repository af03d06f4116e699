using System.Text.Json;
using Quorate.Backends.State;
using Quorate.Contracts.State;

namespace Quorate.Backends.Tests.Conformance;

/// <summary>State that processes share, over each backend.</summary>
[Collection(BackendCollection.Name)]
public sealed class SyncServiceTests(BackendServers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly SyncOptions Patient = new() { RefreshInterval = TimeSpan.FromHours(1), MaxAttempts = 1000 };
    private static readonly SyncOptions Eager = new() { RefreshInterval = TimeSpan.FromMilliseconds(20) };

    private readonly string _topic = $"config-{Guid.NewGuid():N}";

    public static TheoryData<string> Backends => BackendServers.All;

    [Theory, MemberData(nameof(Backends))]
    public async Task Sync_UpdatedElsewhere_HearsOfItWithoutReadingAgain(string name)
    {
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        await new SyncService(one, Patient).SetAsync(_topic, new AppConfig(1));
        await using var sync = await new SyncService(other, Patient).SyncAsync<AppConfig>(_topic);
        Assert.Equal(1, sync.Current!.Rate);

        var written = await new SyncService(one, Patient).UpdateAsync<AppConfig>(_topic, config => new AppConfig(config!.Rate + 1));
        var heard = await sync.ChangedAsync().WaitAsync(Limit);

        Assert.Equal(written, heard);
        Assert.Equal(new AppConfig(2), sync.Current);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Sync_NeverWritten_HasNoneUntilTheFirst(string name)
    {
        await using var backend = servers.Open(name);
        var service = new SyncService(backend, Patient);
        await using var sync = await service.SyncAsync<AppConfig>(_topic);
        Assert.Null(sync.State);

        await service.UpdateAsync<AppConfig>(_topic, config => new AppConfig(config is null ? 5 : 0));

        Assert.Equal(5, (await sync.ChangedAsync().WaitAsync(Limit))!.Value.Rate);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Sync_MessageMissed_ReadsAgain(string name)
    {
        await using var backend = servers.Open(name);
        await using var sync = await new SyncService(backend, Eager).SyncAsync<AppConfig>(_topic);

        // Past the service: nobody is told.
        var version = await backend.SetAsync($"{Eager.Namespace}/{_topic}", JsonSerializer.SerializeToElement(new { rate = 9 }));

        Assert.Equal(new SyncState<AppConfig>(new AppConfig(9), version), await sync.ChangedAsync().WaitAsync(Limit));
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Update_ManyAtOnce_LosesNone(string name)
    {
        const int Writers = 6;
        const int Each = 10;
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        await using var sync = await new SyncService(other, Patient).SyncAsync<AppConfig>(_topic);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var service = new SyncService(writer % 2 == 0 ? one : other, Patient);
            for (var i = 0; i < Each; i++)
            {
                await service.UpdateAsync<AppConfig>(_topic, config => new AppConfig((config?.Rate ?? 0) + 1));
            }
        }));

        var last = 0L;
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var state in sync.ChangesAsync(limit.Token))
        {
            Assert.True((state?.Version ?? 0) >= last);
            last = state?.Version ?? 0;
            if (state?.Value.Rate == Writers * Each)
            {
                break;
            }
        }
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Update_SomebodyFasterEachTime_GivesUpAfterTheBound(string name)
    {
        await using var backend = servers.Open(name);
        var service = new SyncService(backend, new SyncOptions { MaxAttempts = 3 });
        var computed = 0;

        var error = await Assert.ThrowsAsync<SyncConflictException>(() => service.UpdateAsync<AppConfig>(_topic, _ =>
        {
            Task.Run(() => service.SetAsync(_topic, new AppConfig(0))).GetAwaiter().GetResult();
            return new AppConfig(++computed);
        }));

        Assert.Equal((_topic, 3), (error.Topic, computed));
        Assert.Equal(0, (await service.GetAsync<AppConfig>(_topic))!.Value.Rate);
    }

    [Fact]
    public async Task Local_TwoServices_ShareTheStoreOfTheProcess()
    {
        await using var sync = await SyncService.Local(Patient).SyncAsync<AppConfig>(_topic);

        await SyncService.Local(Patient).SetAsync(_topic, new AppConfig(3));

        Assert.Equal(3, (await sync.ChangedAsync().WaitAsync(Limit))!.Value.Rate);
        Assert.Equal(StateBackends.Memory, SyncService.Local().Backend);
    }

    [Fact]
    public async Task Sync_Disposed_TellsThoseWhoWait()
    {
        var sync = await SyncService.Local(Patient).SyncAsync<AppConfig>(_topic);
        var waiting = sync.ChangedAsync();

        await sync.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
    }

    internal sealed record AppConfig(int Rate);
}
