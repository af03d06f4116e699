using System.Text.Json;
using Quorate.Contracts.State;

namespace Quorate.Backends.Memory;

/// <summary>Shared state within one process. Nothing of it outlives the process, and no other process sees it.</summary>
/// <param name="store">Null: the one of the process.</param>
public sealed class MemorySyncBackend(MemoryStore? store = null) : ISyncBackend
{
    private readonly MemoryStore _store = store ?? MemoryStore.OfProcess;

    public string Name => StateBackends.Memory;

    public Task<SyncValue?> GetAsync(string key, CancellationToken cancellation = default) => Task.FromResult(_store.Get(key));

    public Task<long> SetAsync(string key, JsonElement value, CancellationToken cancellation = default) =>
        Task.FromResult(_store.Put(key, expected: null, value)!.Value);

    public Task<long?> CompareAndSetAsync(string key, long expected, JsonElement value, CancellationToken cancellation = default) =>
        Task.FromResult(_store.Put(key, expected, value));

    public Task PublishAsync(string topic, JsonElement message, CancellationToken cancellation = default)
    {
        _store.Publish(topic, message);
        return Task.CompletedTask;
    }

    public Task<ISyncSubscription> SubscribeAsync(string topic, CancellationToken cancellation = default) =>
        Task.FromResult<ISyncSubscription>(_store.Subscribe(topic));

    public Task<SyncLock?> TryAcquireLockAsync(string name, string owner, TimeSpan ttl, CancellationToken cancellation = default) =>
        Task.FromResult(_store.Acquire(name, owner, ttl));

    public Task<bool> RenewLockAsync(SyncLock held, TimeSpan ttl, CancellationToken cancellation = default) =>
        Task.FromResult(_store.Renew(held, ttl));

    public Task<bool> ReleaseLockAsync(SyncLock held, CancellationToken cancellation = default) => Task.FromResult(_store.Release(held));

    /// <summary>The store stays: it belongs to everybody.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
