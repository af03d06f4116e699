using System.Text.Json;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Backends.Tests.Conformance;

/// <summary>What <see cref="ISyncBackend"/> promises, kept by each of them. Two processes are two backends over the same servers.</summary>
[Collection(BackendCollection.Name)]
public sealed class SyncBackendTests(BackendServers servers)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Every character that a path, a topic's pattern or a key could trip over.
    private readonly string _name = $"sync/ä.*.#:{{%41}} {Guid.NewGuid():N}";

    public static TheoryData<string> Backends => BackendServers.All;

    [Theory, MemberData(nameof(Backends))]
    public async Task Get_NeverWritten_IsNull(string name)
    {
        await using var backend = servers.Open(name);

        Assert.Equal(name, backend.Name);
        Assert.Null(await backend.GetAsync(_name));
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Set_AnyJson_IsReadByOthersWithAVersionThatGrows(string name)
    {
        await using var backend = servers.Open(name);
        await using var other = servers.Open(name);
        var last = 0L;
        foreach (var text in (string[])["null", "7", "\"\\u00e4 \\\"x\\\"\"", """{"rate":1.5,"of":[true,{}]}""", "[]"])
        {
            var version = await backend.SetAsync(_name, JsonElement.Parse(text));

            var read = await other.GetAsync(_name);
            Assert.True(version > last);
            Assert.Equal(version, read!.Version);
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(text), read.Value), read.Value.GetRawText());
            last = version;
        }
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task CompareAndSet_VersionAsExpected_WritesAndOnlyThen(string name)
    {
        await using var backend = servers.Open(name);
        Assert.Null(await backend.CompareAndSetAsync(_name, 7, Number(0)));
        var first = Assert.NotNull(await backend.CompareAndSetAsync(_name, 0, Number(1)));

        Assert.Null(await backend.CompareAndSetAsync(_name, 0, Number(2)));
        var second = Assert.NotNull(await backend.CompareAndSetAsync(_name, first, Number(3)));
        Assert.Null(await backend.CompareAndSetAsync(_name, first, Number(4)));

        Assert.Equal((3, second), (await backend.GetAsync(_name)) is { } read ? (read.Value.GetInt32(), read.Version) : default);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task CompareAndSet_SameValueAsBefore_IsAnotherVersion(string name)
    {
        await using var backend = servers.Open(name);
        var first = await backend.SetAsync(_name, Number(1));
        await backend.SetAsync(_name, Number(2));
        await backend.SetAsync(_name, Number(1));

        Assert.Null(await backend.CompareAndSetAsync(_name, first, Number(3)));
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task CompareAndSet_ManyAtOnce_LosesNoIncrement(string name)
    {
        const int Writers = 4;
        const int Each = 25;
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => IncrementAsync(writer % 2 == 0 ? one : other, Each)));

        Assert.Equal(Writers * Each, (await one.GetAsync(_name))!.Value.GetInt32());
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Publish_Subscribed_ReachesEveryProcessInOrderAndNoOtherTopic(string name)
    {
        const int Messages = 50;
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        await one.PublishAsync(_name, Number(-1));
        await using var here = await one.SubscribeAsync(_name);
        await using var there = await other.SubscribeAsync(_name);
        await using var elsewhere = await other.SubscribeAsync(_name + "?");

        for (var i = 0; i < Messages; i++)
        {
            await one.PublishAsync(_name, Number(i));
        }

        await one.PublishAsync(_name + "?", Number(1000));
        Assert.Equal(Enumerable.Range(0, Messages), await TakeAsync(here, Messages));
        Assert.Equal(Enumerable.Range(0, Messages), await TakeAsync(there, Messages));
        Assert.Equal([1000], await TakeAsync(elsewhere, 1));
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Subscription_Disposed_Ends(string name)
    {
        await using var backend = servers.Open(name);
        var subscription = await backend.SubscribeAsync(_name);
        var reading = TakeAsync(subscription, 2);
        await backend.PublishAsync(_name, Number(1));

        await subscription.DisposeAsync();

        Assert.InRange((await reading).Count, 0, 1);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Lock_Held_IsRefusedToEverybodyUntilItIsReleased(string name)
    {
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        var held = Assert.IsType<SyncLock>(await one.TryAcquireLockAsync(_name, "one", Long));

        Assert.Null(await other.TryAcquireLockAsync(_name, "other", Long));
        Assert.Null(await one.TryAcquireLockAsync(_name, "one", Long));
        Assert.NotNull(await other.TryAcquireLockAsync(_name + "?", "other", Long));
        Assert.True(await one.RenewLockAsync(held, Long));
        Assert.True(await one.ReleaseLockAsync(held));
        Assert.False(await one.ReleaseLockAsync(held));

        var next = Assert.IsType<SyncLock>(await other.TryAcquireLockAsync(_name, "other", Long));
        Assert.True(next.Token > held.Token);
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Lock_Expired_GoesToTheNextAndTheFormerHolderDisturbsNothing(string name)
    {
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        var former = Assert.IsType<SyncLock>(await one.TryAcquireLockAsync(_name, "one", TimeSpan.FromMilliseconds(50)));
        SyncLock? next = null;
        await Eventually.HoldsAsync(async () => (next = await other.TryAcquireLockAsync(_name, "one", Long)) is not null);

        Assert.True(next!.Token > former.Token);
        Assert.False(await one.RenewLockAsync(former, Long));
        Assert.False(await one.ReleaseLockAsync(former));
        Assert.True(await other.RenewLockAsync(next, Long));
    }

    [Theory, MemberData(nameof(Backends))]
    public async Task Lock_Renewed_OutlivesTheTimeItWasAskedFor(string name)
    {
        var ttl = TimeSpan.FromMilliseconds(500);
        await using var one = servers.Open(name);
        await using var other = servers.Open(name);
        var held = Assert.IsType<SyncLock>(await one.TryAcquireLockAsync(_name, "one", ttl));
        Assert.True(await one.RenewLockAsync(held, Long));
        var witness = Assert.IsType<SyncLock>(await one.TryAcquireLockAsync(_name + "?", "one", ttl));

        // The witness was granted later for as long: once it is over, so is the time that the lock was asked for.
        await Eventually.HoldsAsync(async () => !await one.RenewLockAsync(witness, TimeSpan.FromMilliseconds(1)));

        Assert.Null(await other.TryAcquireLockAsync(_name, "other", Long));
        Assert.True(await one.ReleaseLockAsync(held));
    }

    private static JsonElement Number(int number) => JsonSerializer.SerializeToElement(number);

    private static async Task<List<int>> TakeAsync(ISyncSubscription subscription, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var taken = new List<int>();
        await foreach (var message in subscription.ReadAllAsync(limit.Token))
        {
            taken.Add(message.GetInt32());
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    private async Task IncrementAsync(ISyncBackend backend, int times)
    {
        for (var done = 0; done < times;)
        {
            var before = await backend.GetAsync(_name);
            var written = await backend.CompareAndSetAsync(_name, before?.Version ?? 0, Number((before?.Value.GetInt32() ?? 0) + 1));
            done += written is null ? 0 : 1;
        }
    }
}
