using System.Globalization;
using Quorate.Client;
using StackExchange.Redis;

namespace Quorate.Fencing;

/// <summary>Writes to Redis that only the newest holder of a lock gets through.</summary>
/// <remarks>
/// Redis keeps the newest token it has seen for each lock under <c>quorate:fence:{lock}</c>, without a time to live; a store that
/// evicts keys or loses its last writes forgets what it has seen. A token counts as stale once a newer one has written here: until then a former
/// holder is not noticed, which does no harm, because nobody else has written. In a Redis cluster the lock's name must hash to the slot
/// of the keys: put the same hash tag into both.
/// </remarks>
public sealed class RedisFence(IDatabase redis)
{
    private static readonly string Script = FenceScripts.Read("fence.lua");

    /// <param name="timeToLive">Of the key; null keeps it.</param>
    /// <exception cref="StaleTokenException">A newer token has been seen; nothing was written.</exception>
    public Task SetAsync(LockFence fence, RedisKey key, RedisValue value, TimeSpan? timeToLive = null) =>
        RunAsync(fence, key, "set", value, timeToLive is { } ttl ? ((long)ttl.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : "");

    /// <exception cref="StaleTokenException">A newer token has been seen; nothing was deleted.</exception>
    public Task DeleteAsync(LockFence fence, RedisKey key) => RunAsync(fence, key, "delete", "", "");

    private async Task RunAsync(LockFence fence, RedisKey key, string action, RedisValue value, string timeToLive)
    {
        var token = fence.Token.ToString(CultureInfo.InvariantCulture);
        var newest = (string?)await redis.ScriptEvaluateAsync(Script, [$"quorate:fence:{fence.Lock}", key], [token, action, value, timeToLive]);
        if (newest != token)
        {
            throw new StaleTokenException(fence, long.Parse(newest!, CultureInfo.InvariantCulture));
        }
    }
}
