using System.Globalization;
using Quorate.Contracts.State;
using StackExchange.Redis;

namespace Quorate.Backends.Redis;

/// <summary>A connection that is opened when it is first needed, and requests that wait for a bounded time.</summary>
internal sealed class RedisConnection(RedisSyncOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How often a request looks whether the connection is there.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _slots = new(options.MaxInFlight);
    private readonly SemaphoreSlim _connecting = new(1);
    private ConnectionMultiplexer? _connection;

    public Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation) =>
        RunAsync(connection => ask(connection.GetDatabase()), cancellation);

    public Task TellAsync(Func<ISubscriber, Task> tell, CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            await tell(connection.GetSubscriber());
            return true;
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.CloseAsync(allowCommandsToComplete: false);
        }

        _connecting.Dispose();
    }

    private async Task<T> RunAsync<T>(Func<ConnectionMultiplexer, Task<T>> run, CancellationToken cancellation)
    {
        if (!_slots.Wait(0, cancellation))
        {
            throw new SyncBackendException(StateBackends.Redis, string.Create(CultureInfo.InvariantCulture, $"{options.MaxInFlight} requests wait for it already"));
        }

        using var patience = new CancellationTokenSource(options.Timeout, time);
        var asked = AskedAsync(run, patience.Token);

        // The answer of a request that was given up may fail later; nobody is there to see it.
        _ = asked.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        try
        {
            // Answers come on the connection's own thread, which has no time for what follows: it goes on elsewhere.
            return await asked.ContinueWith(static task => task, TaskScheduler.Default).Unwrap().WaitAsync(options.Timeout, time, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new SyncBackendException(StateBackends.Redis, string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalMilliseconds} ms"), error);
        }
        catch (Exception error) when (error is RedisException or ObjectDisposedException or System.Net.Sockets.SocketException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new SyncBackendException(StateBackends.Redis, error.Message.Split('\n', ';')[0], error);
        }
    }

    /// <summary>The slot is given back when Redis has answered, not when somebody lost patience: what is owed stays bounded.</summary>
    private async Task<T> AskedAsync<T>(Func<ConnectionMultiplexer, Task<T>> run, CancellationToken patience)
    {
        try
        {
            var connection = _connection ?? await ConnectAsync();
            while (!connection.IsConnected)
            {
                await Task.Delay(LookAgain, time, patience);
            }

            return await run(connection);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        await _connecting.WaitAsync();
        try
        {
            if (_connection is null)
            {
                var configuration = ConfigurationOptions.Parse(options.ConnectionString);
                configuration.AbortOnConnectFail = false;
                configuration.ConnectTimeout = 1000;
                configuration.ConnectRetry = 1;
                configuration.KeepAlive = 1;
                configuration.ReconnectRetryPolicy = new LinearRetry(250);
                _connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            }

            return _connection;
        }
        finally
        {
            _connecting.Release();
        }
    }
}
