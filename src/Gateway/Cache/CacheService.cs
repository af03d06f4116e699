using System.Collections.Concurrent;
using Quorate.Backends.Redis;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Node.Access;

namespace Quorate.Gateway.Cache;

/// <summary>A value and where it was found.</summary>
/// <param name="Item">With its value.</param>
internal sealed record CacheHit(CacheItem Item, ReadEnd Layer);

/// <summary>
/// The cache: this gateway's memory before the replicated state before Redis.
/// <code>
///   read:   memory ──▶ replicated state ──▶ Redis, if its stamp is the replicated state's      (one lookup per key at a time)
///   write:  log ──▶ every gateway's memory forgets the key ──▶ memory here, Redis
/// </code>
/// What is current is the replicated state's to say, always. Redis adds room, not truth: without it reads of values that gave way are misses.
/// </summary>
internal sealed partial class CacheService : IDisposable
{
    /// <summary>What a key costs beside its name and value.</summary>
    private const int EntryBytes = 200;

    /// <summary>What nobody can be served any more is gone from Redis after this time at the latest.</summary>
    private static readonly TimeSpan LongestInRedis = TimeSpan.FromDays(7);

    private readonly ClusterClient _cluster;
    private readonly TimeProvider _time;
    private readonly CacheOptions _options;
    private readonly LocalCache<CacheItem> _local;
    private readonly Confirmation _confirmation;
    private readonly ConcurrentDictionary<string, Task<CacheHit?>> _lookups = new(StringComparer.Ordinal);
    private readonly ReadCounts _counts = new();
    private long _shared;
    private long _outdated;

    public CacheService(ClusterClient cluster, RedisStore redis, CacheOptions options, TimeProvider time)
    {
        _cluster = cluster;
        Redis = redis;
        _options = options;
        _time = time;
        _local = new LocalCache<CacheItem>(options.LocalBytes, (key, item) => (key.Length * sizeof(char)) + item.Size + EntryBytes);
        _confirmation = new Confirmation(cluster, options.Staleness, time);
        cluster.Changed += OnChanged;
    }

    public RedisStore Redis { get; }

    /// <summary>Reads a value. Null when no layer has it.</summary>
    /// <param name="fresh">Whether it must see every write acknowledged before the call, at whichever gateway.</param>
    /// <exception cref="ClusterUnavailableException">No quorum, or too much is under way.</exception>
    public async Task<CacheHit?> GetAsync(string key, bool fresh, CancellationToken cancel)
    {
        if (!fresh && _confirmation.Holds && _local.TryGet(key, out var item) && !IsOver(item))
        {
            _counts.Add(key, ReadEnd.Local);
            return new CacheHit(item, ReadEnd.Local);
        }

        var hit = await (fresh ? LookUpAsync(key) : ShareLookup(key)).WaitAsync(cancel);
        _counts.Add(key, hit?.Layer ?? ReadEnd.Miss);
        return hit;
    }

    /// <exception cref="ClusterUnavailableException">As with any write.</exception>
    public async Task<CommandResult> PutAsync(CachePut put, WriteOptions options, CancellationToken cancel)
    {
        var result = await _cluster.ExecuteAsync(put, options, cancel);
        if (result is CommandResult.CacheWritten written)
        {
            // A slice of the request, perhaps: what is kept is a copy of its own.
            Keep(new CacheItem(put.Key, put.Value.ToArray(), put.Value.Length, written.Revision, written.Stamp, written.ExpiresAt));
            await ToRedisAsync(put.Key, written.Stamp.Value, put.Value, written.ExpiresAt);
        }

        return result;
    }

    /// <exception cref="ClusterUnavailableException">As with any write.</exception>
    public async Task<CommandResult> DeleteAsync(CacheDelete delete, WriteOptions options, CancellationToken cancel)
    {
        var result = await _cluster.ExecuteAsync(delete, options, cancel);
        if (result is CommandResult.CacheDeleted deleted)
        {
            // Waits until the deletion has reached the memory here: whoever deleted does not read the value again.
            _cluster.Peek(_ => true);
            if (!await Redis.DeleteAsync(delete.Key, deleted.Stamp.Value))
            {
                Postpone(delete.Key, deleted.Stamp.Value);
            }
        }

        return result;
    }

    public void Dispose() => _cluster.Changed -= OnChanged;

    private bool IsOver(CacheItem item) => item.ExpiresAt is { } end && end.UnixMs <= _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Many who miss the same key at once cost one lookup.</summary>
    private Task<CacheHit?> ShareLookup(string key)
    {
        if (_lookups.TryGetValue(key, out var running))
        {
            Interlocked.Increment(ref _shared);
            return running;
        }

        var mine = new TaskCompletionSource<CacheHit?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = _lookups.GetOrAdd(key, mine.Task);
        if (shared != mine.Task)
        {
            Interlocked.Increment(ref _shared);
            return shared;
        }

        _ = RunAsync();
        return mine.Task;

        async Task RunAsync()
        {
            try
            {
                mine.SetResult(await LookUpAsync(key));
            }
            catch (Exception error)
            {
                mine.SetException(error);
            }
            finally
            {
                _lookups.TryRemove(new(key, mine.Task));
            }
        }
    }

    private async Task<CacheHit?> LookUpAsync(string key)
    {
        if (await _confirmation.ReadAsync(state => state.Cache.Get(key)) is not { } item)
        {
            return null;
        }

        if (item.Value is { } value)
        {
            Keep(item with { Value = value.ToArray() });
            return new CacheHit(item, ReadEnd.Cluster);
        }

        if (await Redis.GetAsync(key) is not { } stored)
        {
            return null;
        }

        if (stored.Stamp != item.Stamp.Value)
        {
            Interlocked.Increment(ref _outdated);
            return null;
        }

        var whole = item with { Value = stored.Value };
        Keep(whole);
        return new CacheHit(whole, ReadEnd.Redis);
    }

    /// <summary>Takes a value into memory, if it is still current: with the mirror held, no invalidation comes between.</summary>
    private void Keep(CacheItem item) => _cluster.Peek(state =>
    {
        if (state.Cache.Get(item.Key)?.Stamp == item.Stamp)
        {
            _local.Set(item.Key, item);
        }

        return true;
    });

    private async Task ToRedisAsync(string key, long stamp, ReadOnlyMemory<byte> value, Core.Clocks.HlcTimestamp? expiresAt)
    {
        var left = expiresAt is { } end ? TimeSpan.FromMilliseconds(end.UnixMs - _time.GetUtcNow().ToUnixTimeMilliseconds()) : LongestInRedis;
        if (!await Redis.SetAsync(key, stamp, value, left < LongestInRedis ? left : LongestInRedis))
        {
            Postpone(key, stamp);
        }
    }

    private void OnChanged(MirrorChange change)
    {
        if (change.Restored)
        {
            _local.Clear();
            _lookups.Clear();
        }

        foreach (var item in change.Events)
        {
            if (item is StateEvent.CacheChanged { Key: var key })
            {
                _local.Remove(key);

                // A lookup under way may have seen the former value: nobody who comes now joins it.
                _lookups.TryRemove(key, out _);
            }
        }
    }
}
