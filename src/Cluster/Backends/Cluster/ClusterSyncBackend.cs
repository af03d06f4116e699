using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Contracts.State;

namespace Quorate.Backends.Cluster;

/// <summary>
/// Shared state in the replicated state of a cluster, through the API of a gateway: values are its shared state (<c>/api/v1/state</c>),
/// messages its events, locks its locks, so that everything can be seen in the console.
/// </summary>
public sealed class ClusterSyncBackend : ISyncBackend
{
    private readonly ClusterSyncOptions _options;
    private readonly HttpClient _http;
    private readonly QuorateClient _client;

    public ClusterSyncBackend(ClusterSyncOptions options)
    {
        _options = options;
        _http = new HttpClient { BaseAddress = options.GatewayUrl, Timeout = Timeout.InfiniteTimeSpan };
        _client = new QuorateClient(_http, options.AccessToken);
    }

    public string Name => StateBackends.Cluster;

    public Task<SyncValue?> GetAsync(string key, CancellationToken cancellation = default) => AskAsync(
        async cancel =>
        {
            var state = await _client.GetStateAsync(key, cancel);
            return new SyncValue(state.Value, state.Version);
        },
        ErrorCodes.KeyNotFound,
        cancellation);

    public async Task<long> SetAsync(string key, JsonElement value, CancellationToken cancellation = default) =>
        (await AskAsync(cancel => _client.PutStateAsync(key, value, cancellation: cancel), refusal: null, cancellation))!.Version;

    public async Task<long?> CompareAndSetAsync(string key, long expected, JsonElement value, CancellationToken cancellation = default) =>
        (await AskAsync(cancel => _client.PutStateAsync(key, value, expected, cancellation: cancel), ErrorCodes.RevisionMismatch, cancellation))?.Version;

    public Task PublishAsync(string topic, JsonElement message, CancellationToken cancellation = default) =>
        AskAsync(cancel => _client.PublishEventAsync(ClusterSubscription.EventTopic(topic), message, cancellation: cancel), refusal: null, cancellation);

    public async Task<ISyncSubscription> SubscribeAsync(string topic, CancellationToken cancellation = default)
    {
        // Events are numbered and kept for a while: whoever begins after the newest misses none, however long connecting takes.
        var statistics = await AskAsync(_client.GetEventStatisticsAsync, refusal: null, cancellation);
        return new ClusterSubscription(_options, topic, statistics!.LastId);
    }

    /// <remarks>Each request has an owner of its own, because the cluster's locks are reentrant by owner.</remarks>
    public async Task<SyncLock?> TryAcquireLockAsync(string name, string owner, TimeSpan ttl, CancellationToken cancellation = default)
    {
        var request = new AcquireLockRequest($"{owner}/{Guid.NewGuid():N}", TtlMs: Milliseconds(ttl));
        var granted = await AskAsync(cancel => _client.AcquireLockAsync(name, request, cancel), ErrorCodes.LockHeld, cancellation);
        return granted is null ? null : new SyncLock(name, granted.Owner, granted.FencingToken);
    }

    public async Task<bool> RenewLockAsync(SyncLock held, TimeSpan ttl, CancellationToken cancellation = default)
    {
        var request = new RenewLockRequest(held.Owner, held.Token, Milliseconds(ttl));
        return await AskAsync(cancel => _client.RenewLockAsync(held.Name, request, cancel), ErrorCodes.StaleToken, cancellation) is not null;
    }

    public async Task<bool> ReleaseLockAsync(SyncLock held, CancellationToken cancellation = default)
    {
        var request = new ReleaseLockRequest(held.Owner, held.Token);
        return await AskAsync(cancel => _client.ReleaseLockAsync(held.Name, request, cancel), ErrorCodes.StaleToken, cancellation) is not null;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static long Milliseconds(TimeSpan ttl) => Math.Max(1, (long)ttl.TotalMilliseconds);

    /// <param name="refusal">The code with which the cluster says no, as opposed to not answering.</param>
    /// <returns>Null for the refusal.</returns>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, string? refusal, CancellationToken cancellation)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.Timeout);
        try
        {
            return await ask(patience.Token);
        }
        catch (QuorateException refused) when (refused.Code == refusal)
        {
            return null;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new SyncBackendException(Name, $"no answer within {_options.Timeout.TotalSeconds} s", error);
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException or IOException)
        {
            throw new SyncBackendException(Name, error.Message, error);
        }
    }
}
