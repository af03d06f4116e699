using System.Text.Json;
using Quorate.Backends.Memory;
using Quorate.Contracts;
using Quorate.Contracts.State;

namespace Quorate.Backends.State;

/// <summary>
/// State that processes share by topic. A change is a loop: read, change, write if nobody was faster, and tell the others. They hear of it
/// by a message, and by reading again from time to time should the message be lost.
/// </summary>
/// <remarks>
/// Over <see cref="MemorySyncBackend"/> it shares state within this process only, with the same behaviour: an application need not know
/// whether it is one of many (<see cref="Local"/>).
/// </remarks>
/// <param name="backend">Belongs to the caller, who disposes of it last.</param>
public sealed class SyncService(ISyncBackend backend, SyncOptions? options = null, TimeProvider? time = null)
{
    private readonly SyncOptions _options = options ?? new SyncOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Which backend holds the state; one of <see cref="StateBackends"/>.</summary>
    public string Backend => backend.Name;

    /// <summary>State within this process: all services made like this see the same.</summary>
    public static SyncService Local(SyncOptions? options = null) => new(new MemorySyncBackend(), options);

    /// <summary>Follows a topic until the handle is disposed. The first value is there when this returns.</summary>
    /// <typeparam name="T">Read and written as JSON.</typeparam>
    /// <exception cref="SyncBackendException">The backend does not answer.</exception>
    public async Task<DistributedSync<T>> SyncAsync<T>(string topic, CancellationToken cancellation = default)
    {
        var handle = new DistributedSync<T>(backend, KeyOf(topic), _options, _time);
        try
        {
            await handle.StartAsync(cancellation);
            return handle;
        }
        catch
        {
            await handle.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the topic holds now, by the backend; null when nothing was ever written.</summary>
    public async Task<SyncState<T>?> GetAsync<T>(string topic, CancellationToken cancellation = default) =>
        Read<T>(await backend.GetAsync(KeyOf(topic), cancellation));

    /// <summary>Writes a value whatever the topic holds.</summary>
    public async Task<SyncState<T>> SetAsync<T>(string topic, T value, CancellationToken cancellation = default)
    {
        var json = JsonSerializer.SerializeToElement(value, ContractJson.Options);
        var version = await backend.SetAsync(KeyOf(topic), json, cancellation);
        await TellAsync(KeyOf(topic), json, version, cancellation);
        return new SyncState<T>(value, version);
    }

    /// <summary>Changes a value so that no change of anybody else is lost.</summary>
    /// <param name="change">From what is there (default where nothing is) to what shall be; runs anew when somebody else was faster, so it must only compute.</param>
    /// <returns>The value that was written.</returns>
    /// <exception cref="SyncConflictException">Somebody else was faster too often.</exception>
    /// <exception cref="SyncBackendException">The backend does not answer. The change may have been written: it is not tried again, or it might happen twice.</exception>
    public async Task<SyncState<T>> UpdateAsync<T>(string topic, Func<T?, T> change, CancellationToken cancellation = default)
    {
        var key = KeyOf(topic);
        var backoff = _options.MinBackoff;
        for (var attempt = 1; ; attempt++)
        {
            var before = Read<T>(await backend.GetAsync(key, cancellation));
            var value = change(before is null ? default : before.Value);
            var json = JsonSerializer.SerializeToElement(value, ContractJson.Options);
            if (await backend.CompareAndSetAsync(key, before?.Version ?? 0, json, cancellation) is { } version)
            {
                await TellAsync(key, json, version, cancellation);
                return new SyncState<T>(value, version);
            }

            if (attempt == _options.MaxAttempts)
            {
                throw new SyncConflictException(topic, attempt);
            }

            // A random part of the pause, so that those who collided do not meet again.
            await Task.Delay(backoff * Random.Shared.NextDouble(), _time, cancellation);
            backoff = backoff * 2 < _options.MaxBackoff ? backoff * 2 : _options.MaxBackoff;
        }
    }

    internal static SyncState<T>? Read<T>(SyncValue? found) =>
        found is null ? null : new SyncState<T>(found.Value.Deserialize<T>(ContractJson.Options)!, found.Version);

    private string KeyOf(string topic) => $"{_options.Namespace}/{topic}";

    /// <summary>The value is written. Whoever does not hear of it reads it before long.</summary>
    private async Task TellAsync(string key, JsonElement value, long version, CancellationToken cancellation)
    {
        try
        {
            var message = JsonSerializer.SerializeToElement(new SyncMessage(version, value), ContractJson.Options);
            await backend.PublishAsync(key, message, cancellation);
        }
        catch (Exception error) when (error is SyncBackendException or OperationCanceledException)
        {
            // No reason to call the update failed.
        }
    }
}
