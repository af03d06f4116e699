using StackExchange.Redis;

namespace Quorate.Backends.Redis;

/// <summary>The connection, and the watch over it: requests do not find out at their own cost that Redis is back.</summary>
public sealed partial class RedisStore
{
    private readonly Lock _reporting = new();

    /// <summary>Begins to connect and to watch. Does not wait for Redis.</summary>
    public void Start()
    {
        if (Status.State != RedisState.Off)
        {
            _watch = WatchAsync(_stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connection is { } connection)
        {
            await connection.CloseAsync(allowCommandsToComplete: false);
        }

        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var failure = await CheckAsync();
            var changed = _breaker.Checked(failure is null);
            if (failure is not null)
            {
                Report(RedisState.Down, failure);
            }
            else if (changed)
            {
                Report(RedisState.Up, Status.Failure);
            }

            await Task.Delay(_breaker.IsClosed ? _options.CheckInterval : _breaker.Backoff, _time, stop);
        }
    }

    private async Task<string?> CheckAsync()
    {
        try
        {
            _connection ??= await ConnectAsync();
            await WithinTimeout(_connection.GetDatabase().PingAsync());
            return null;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            return Describe(error);
        }
    }

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        var configuration = ConfigurationOptions.Parse(_options.ConnectionString!);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 1000;
        configuration.ConnectRetry = 1;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        return ConnectionMultiplexer.ConnectAsync(configuration);
    }

    private void Report(RedisState state, string? failure)
    {
        lock (_reporting)
        {
            var now = _time.GetUtcNow();
            var before = Status;
            Status = new RedisStatus(
                state,
                before.Address,
                before.State == state ? before.Since : now,
                failure,
                state == RedisState.Down ? now + _breaker.Backoff : null);
            if (before.State != state)
            {
                Changed?.Invoke(Status);
            }
        }
    }
}
