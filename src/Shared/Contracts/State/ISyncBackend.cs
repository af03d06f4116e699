using System.Text.Json;

namespace Quorate.Contracts.State;

/// <summary>
/// Where processes keep what they share: values with versions, messages by topic, and locks with a time to live.
/// Safe for concurrent use.
/// </summary>
/// <remarks>
/// Every method throws <see cref="SyncBackendException"/> when the backend does not answer in time. A write may have happened then, or
/// may still happen: who must know reads the value, or waits until the lock's time to live is over.
/// </remarks>
public interface ISyncBackend : IAsyncDisposable
{
    /// <summary>One of <see cref="StateBackends"/>.</summary>
    string Name { get; }

    /// <summary>What a key holds now; null when nothing was ever written.</summary>
    Task<SyncValue?> GetAsync(string key, CancellationToken cancellation = default);

    /// <summary>Writes a key whatever it holds.</summary>
    /// <returns>The value's version.</returns>
    Task<long> SetAsync(string key, JsonElement value, CancellationToken cancellation = default);

    /// <summary>Writes a key if it has the expected version.</summary>
    /// <param name="expected">0: only when the key holds nothing yet.</param>
    /// <returns>The new version; null when the key has another.</returns>
    Task<long?> CompareAndSetAsync(string key, long expected, JsonElement value, CancellationToken cancellation = default);

    /// <summary>Sends a message to everybody who is subscribed now.</summary>
    Task PublishAsync(string topic, JsonElement message, CancellationToken cancellation = default);

    /// <summary>Listens to a topic. What is published once this has answered arrives, unless the way to the backend is lost in between.</summary>
    Task<ISyncSubscription> SubscribeAsync(string topic, CancellationToken cancellation = default);

    /// <summary>Takes a lock if nobody holds it. Not reentrant: the same owner is refused as well.</summary>
    /// <param name="owner">Whoever asks, for people to read.</param>
    /// <param name="ttl">How long the lock is held unless renewed, at least 1 ms.</param>
    /// <returns>Null when somebody holds it.</returns>
    Task<SyncLock?> TryAcquireLockAsync(string name, string owner, TimeSpan ttl, CancellationToken cancellation = default);

    /// <summary>Lets a lock live for <paramref name="ttl"/> from now.</summary>
    /// <returns>False when it is no longer held with this token.</returns>
    Task<bool> RenewLockAsync(SyncLock held, TimeSpan ttl, CancellationToken cancellation = default);

    /// <summary>Gives a lock back.</summary>
    /// <returns>False when it was no longer held with this token.</returns>
    Task<bool> ReleaseLockAsync(SyncLock held, CancellationToken cancellation = default);
}

/// <param name="Version">Grows with each write of the key and is never used again, also where the backend lost everything in between.</param>
public sealed record SyncValue(JsonElement Value, long Version);

/// <summary>A lock that was granted.</summary>
/// <param name="Owner">As the backend knows it.</param>
/// <param name="Token">Fencing token: strictly increasing per lock.</param>
public sealed record SyncLock(string Name, string Owner, long Token);

/// <summary>The messages of one topic. Disposing it ends the enumeration.</summary>
public interface ISyncSubscription : IAsyncDisposable
{
    /// <summary>Messages in the order in which they were published, for ever. One enumeration at a time.</summary>
    IAsyncEnumerable<JsonElement> ReadAllAsync(CancellationToken cancellation = default);
}

/// <summary>The backend did not answer, or could not.</summary>
public sealed class SyncBackendException(string backend, string message, Exception? cause = null)
    : Exception($"The backend '{backend}' failed: {message}", cause)
{
    /// <summary>One of <see cref="StateBackends"/>.</summary>
    public string Backend { get; } = backend;
}
