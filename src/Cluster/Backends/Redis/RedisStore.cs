using System.Globalization;
using StackExchange.Redis;

namespace Quorate.Backends.Redis;

/// <summary>
/// Values in a Redis, each with the stamp of the write it comes from. Redis is trusted with bytes only: it may be away, hang, lose everything or come
/// back with what it had last week. Whoever reads compares the stamp with what he knows to be current.
/// </summary>
/// <remarks>
/// No method throws because of Redis, and none waits for it longer than <see cref="RedisStoreOptions.Timeout"/>. A value stands in Redis as its stamp,
/// 16 hexadecimal digits, followed by its bytes; a write that arrives late does not replace a later one.
/// </remarks>
public sealed partial class RedisStore : IAsyncDisposable
{
    private const int StampLength = 16;

    private readonly RedisStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly CircuitBreaker _breaker;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();
    private Task _watch = Task.CompletedTask;
    private volatile ConnectionMultiplexer? _connection;
    private long _failures;
    private long _skipped;

    public RedisStore(RedisStoreOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _breaker = new CircuitBreaker(options.MinBackoff, options.MaxBackoff);
        _slots = new SemaphoreSlim(options.MaxInFlight);
        var configured = !string.IsNullOrEmpty(options.ConnectionString);
        Status = new RedisStatus(
            configured ? RedisState.Connecting : RedisState.Off,
            configured ? string.Join(",", ConfigurationOptions.Parse(options.ConnectionString!).EndPoints.Select(Format)) : null,
            time.GetUtcNow(),
            Failure: null,
            RetryAt: null);
    }

    /// <summary>How it stands.</summary>
    public RedisStatus Status { get; private set; }

    /// <summary>Redis went away or came back. Called on any thread.</summary>
    public event Action<RedisStatus>? Changed;

    /// <summary>Requests to Redis that failed or came to nothing in time.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Requests that went on without asking a Redis that was away.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Reads a value. Null when there is none, or Redis does not tell.</summary>
    public async Task<StampedValue?> GetAsync(string key)
    {
        var (answered, value) = await AskAsync(redis => redis.StringGetAsync(KeyOf(key)));
        return answered && !value.IsNull && (byte[]?)value is { } bytes && StampedValue.TryRead(bytes, StampLength, out var read) ? read : null;
    }

    /// <summary>Writes a value, unless Redis has a later one.</summary>
    /// <returns>Whether Redis has this value or a later one now.</returns>
    public async Task<bool> SetAsync(string key, long stamp, ReadOnlyMemory<byte> value, TimeSpan? timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
        {
            return true;
        }

        var ttl = timeToLive is { } live ? Math.Max(1, (long)live.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : "";
        var (answered, _) = await AskAsync(redis => redis.ScriptEvaluateAsync(
            RedisScripts.Set, [KeyOf(key)], [StampedValue.Text(stamp), value.ToArray(), ttl], CommandFlags.NoScriptCache));
        return answered;
    }

    /// <summary>Deletes a value, unless Redis has a later one.</summary>
    public async Task<bool> DeleteAsync(string key, long stamp)
    {
        var (answered, _) = await AskAsync(redis => redis.ScriptEvaluateAsync(
            RedisScripts.Delete, [KeyOf(key)], [StampedValue.Text(stamp)], CommandFlags.NoScriptCache));
        return answered;
    }

    private RedisKey KeyOf(string key) => _options.KeyPrefix + key;

    private async Task<(bool Answered, T Value)> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        if (Status.State == RedisState.Off)
        {
            return default;
        }

        if (!_breaker.IsClosed || _connection is not { } connection || !_slots.Wait(0))
        {
            Interlocked.Increment(ref _skipped);
            return default;
        }

        try
        {
            var value = await WithinTimeout(ask(connection.GetDatabase()));
            _breaker.Succeeded();
            return (true, value);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _failures);
            if (_breaker.Failed())
            {
                Report(RedisState.Down, Describe(error));
            }

            return default;
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<T> WithinTimeout<T>(Task<T> asked)
    {
        // The answer of a request that was given up may fail later; nobody is there to see it.
        _ = asked.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

        // Answers come on the connection's own thread, which has no time for what follows: it goes on elsewhere.
        return await asked.ContinueWith(static task => task, TaskScheduler.Default).Unwrap().WaitAsync(_options.Timeout, _time);
    }

    private string Describe(Exception error) => error switch
    {
        TimeoutException => string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.Timeout.TotalMilliseconds} ms"),
        RedisConnectionException => "no connection",
        _ => error.Message.Split('\n', ';')[0],
    };

    private static string Format(System.Net.EndPoint endpoint) =>
        endpoint is System.Net.DnsEndPoint dns ? string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}") : endpoint.ToString()!;
}
