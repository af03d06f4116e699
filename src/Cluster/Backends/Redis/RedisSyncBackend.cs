using System.Globalization;
using System.Text.Json;
using Quorate.Contracts.State;
using StackExchange.Redis;

namespace Quorate.Backends.Redis;

/// <summary>Shared state in a Redis: hashes for values, its publish and subscribe, and <c>SET NX PX</c> for locks; what must be one step is a script.</summary>
/// <remarks>
/// As durable as that Redis: one that loses its memory loses values and locks with it. Versions and tokens go on growing even then, so
/// that a write or a holder from before cannot be taken for one of afterwards.
/// </remarks>
public sealed class RedisSyncBackend : ISyncBackend
{
    private readonly RedisSyncOptions _options;
    private readonly RedisConnection _redis;

    public RedisSyncBackend(RedisSyncOptions options, TimeProvider? time = null)
    {
        _options = options;
        _redis = new RedisConnection(options, time ?? TimeProvider.System);
    }

    public string Name => StateBackends.Redis;

    public async Task<SyncValue?> GetAsync(string key, CancellationToken cancellation = default)
    {
        var found = await _redis.AskAsync(redis => redis.HashGetAsync(Key("value", key), ["value", "version"]), cancellation);
        return found[0].IsNull ? null : new SyncValue(JsonElement.Parse((byte[])found[0]!), (long)found[1]);
    }

    public Task<long> SetAsync(string key, JsonElement value, CancellationToken cancellation = default) => PutAsync(key, "", value, cancellation);

    public async Task<long?> CompareAndSetAsync(string key, long expected, JsonElement value, CancellationToken cancellation = default) =>
        await PutAsync(key, expected, value, cancellation) is var version and > 0 ? version : null;

    public Task PublishAsync(string topic, JsonElement message, CancellationToken cancellation = default) =>
        _redis.TellAsync(redis => redis.PublishAsync(Channel(topic), message.GetRawText()), cancellation);

    public async Task<ISyncSubscription> SubscribeAsync(string topic, CancellationToken cancellation = default)
    {
        var channel = Channel(topic);
        ChannelSubscription subscription = null!;
        subscription = new ChannelSubscription(_ => LeaveAsync());
        try
        {
            await _redis.TellAsync(redis => redis.SubscribeAsync(channel, Handle), cancellation);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }

        void Handle(RedisChannel from, RedisValue message) => subscription.Add(JsonElement.Parse((byte[])message!));

        async Task LeaveAsync()
        {
            try
            {
                await _redis.TellAsync(redis => redis.UnsubscribeAsync(channel, Handle), CancellationToken.None);
            }
            catch (SyncBackendException)
            {
                // The handler is gone here; what Redis still sends goes nowhere.
            }
        }
    }

    public async Task<SyncLock?> TryAcquireLockAsync(string name, string owner, TimeSpan ttl, CancellationToken cancellation = default)
    {
        var token = (long)await ScriptAsync(
            RedisScripts.AcquireLock, [Key("lock", name), Key("token", name)], [owner, Milliseconds(ttl)], cancellation);
        return token > 0 ? new SyncLock(name, owner, token) : null;
    }

    public async Task<bool> RenewLockAsync(SyncLock held, TimeSpan ttl, CancellationToken cancellation = default) =>
        (long)await ScriptAsync(RedisScripts.RenewLock, [Key("lock", held.Name)], [Identity(held), Milliseconds(ttl)], cancellation) == 1;

    public async Task<bool> ReleaseLockAsync(SyncLock held, CancellationToken cancellation = default) =>
        (long)await ScriptAsync(RedisScripts.ReleaseLock, [Key("lock", held.Name)], [Identity(held)], cancellation) == 1;

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    private async Task<long> PutAsync(string key, RedisValue expected, JsonElement value, CancellationToken cancellation) =>
        (long)await ScriptAsync(RedisScripts.PutValue, [Key("value", key)], [value.GetRawText(), expected], cancellation);

    private Task<RedisResult> ScriptAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        _redis.AskAsync(redis => redis.ScriptEvaluateAsync(script, keys, arguments, CommandFlags.NoScriptCache), cancellation);

    private RedisKey Key(string kind, string name) => $"{_options.KeyPrefix}{kind}:{name}";

    private RedisChannel Channel(string topic) => new($"{_options.KeyPrefix}topic:{topic}", RedisChannel.PatternMode.Literal);

    private static string Identity(SyncLock held) => string.Create(CultureInfo.InvariantCulture, $"{held.Token}:{held.Owner}");

    private static long Milliseconds(TimeSpan ttl) => Math.Max(1, (long)ttl.TotalMilliseconds);
}
