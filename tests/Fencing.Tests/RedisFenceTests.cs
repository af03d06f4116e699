using Quorate.Client;
using Quorate.Fencing.Tests.Servers;
using StackExchange.Redis;

namespace Quorate.Fencing.Tests;

public sealed class RedisFenceTests(RedisServer server) : IClassFixture<RedisServer>
{
    private readonly string _lock = $"orders/{Guid.NewGuid():N}";
    private readonly RedisKey _key = $"order:{Guid.NewGuid():N}";

    private RedisFence Fence => new(server.Database);

    [ServerFact(RedisServer.Program)]
    public async Task Set_NewestToken_WritesAsOftenAsItLikes()
    {
        await Fence.SetAsync(Token(7), _key, "first");
        await Fence.SetAsync(Token(7), _key, "second", TimeSpan.FromMinutes(1));

        Assert.Equal("second", await server.Database.StringGetAsync(_key));
        Assert.InRange((await server.Database.KeyTimeToLiveAsync(_key))!.Value.TotalSeconds, 1, 60);
    }

    [ServerFact(RedisServer.Program)]
    public async Task SetAndDelete_ANewerTokenHasWritten_AreRefusedAndChangeNothing()
    {
        await Fence.SetAsync(Token(9), _key, "successor");

        var refused = await Assert.ThrowsAsync<StaleTokenException>(() => Fence.SetAsync(Token(7), _key, "stale"));
        await Assert.ThrowsAsync<StaleTokenException>(() => Fence.DeleteAsync(Token(8), _key));

        Assert.Equal(9, refused.Newest);
        Assert.Equal("successor", await server.Database.StringGetAsync(_key));
    }

    [ServerFact(RedisServer.Program)]
    public async Task Tokens_OfMoreDigitsThanADoubleHolds_AreToldApart()
    {
        await Fence.SetAsync(Token(9_007_199_254_740_993), _key, "newer");

        await Assert.ThrowsAsync<StaleTokenException>(() => Fence.SetAsync(Token(9_007_199_254_740_992), _key, "stale"));
        await Assert.ThrowsAsync<StaleTokenException>(() => Fence.SetAsync(Token(999_999), _key, "stale"));
        await Fence.DeleteAsync(Token(10_000_000_000_000_000), _key);

        Assert.False(await server.Database.KeyExistsAsync(_key));
    }

    [ServerFact(RedisServer.Program)]
    public async Task Tokens_OfDifferentLocks_DoNotMix()
    {
        await Fence.SetAsync(Token(9), _key, "one");
        await Fence.SetAsync(new LockFence(_lock + "/other", 1), _key, "other");

        Assert.Equal("other", await server.Database.StringGetAsync(_key));
    }

    [ServerFact(RedisServer.Program)]
    public async Task Writers_ManyAtOnce_LeaveTheNewestOnesValue()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 200).OrderBy(i => i * 7919 % 200).Select(async token =>
        {
            try
            {
                await Fence.SetAsync(Token(token), _key, token);
                return true;
            }
            catch (StaleTokenException)
            {
                return false;
            }
        }));

        Assert.Equal(200, (long)await server.Database.StringGetAsync(_key));
        Assert.Contains(false, outcomes);
    }

    private LockFence Token(long token) => new(_lock, token);
}
