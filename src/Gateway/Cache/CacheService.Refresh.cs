using System.Collections.Concurrent;

namespace Quorate.Gateway.Cache;

/// <summary>What Redis did not get, because it was away, and gets when it is back.</summary>
internal sealed partial class CacheService
{
    /// <summary>Keys remembered. What is beyond reaches Redis with its next write.</summary>
    private const int MaxPostponed = 20_000;

    private readonly ConcurrentDictionary<string, long> _postponed = new(StringComparer.Ordinal);

    /// <summary>Brings Redis up to date with what was written or deleted here while it was away.</summary>
    public async Task RefreshRedisAsync(CancellationToken cancel)
    {
        foreach (var (key, stamp) in _postponed)
        {
            cancel.ThrowIfCancellationRequested();
            if (Redis.Status.State != Backends.Redis.RedisState.Up)
            {
                return;
            }

            _postponed.TryRemove(new(key, stamp));
            switch (_cluster.Peek(state => state.Cache.Get(key)))
            {
                case { Value: { } value } item:
                    await ToRedisAsync(key, item.Stamp.Value, value, item.ExpiresAt);
                    break;
                case null:
                    if (!await Redis.DeleteAsync(key, stamp))
                    {
                        Postpone(key, stamp);
                    }

                    break;
            }
        }
    }

    private void Postpone(string key, long stamp)
    {
        if (Redis.Status.State != Backends.Redis.RedisState.Off && (_postponed.Count < MaxPostponed || _postponed.ContainsKey(key)))
        {
            _postponed[key] = stamp;
        }
    }
}
