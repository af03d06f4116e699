using Quorate.Contracts.Locks;

namespace Quorate.Client;

/// <summary>Locks and permits as handles that keep themselves alive.</summary>
public sealed class LockClient
{
    private readonly QuorateClient _client;
    private readonly TimeProvider _clock;

    internal LockClient(QuorateClient client, TimeProvider? clock = null)
    {
        _client = client;
        _clock = clock ?? BootClock.Instance;
    }

    /// <summary>Takes a lock, or permits of a semaphore, and keeps it until the handle is disposed or the lock is lost.</summary>
    /// <exception cref="QuorateException">
    /// Not granted: <c>lock_held</c>, <c>deadlock</c>, <c>permits_mismatch</c> or <c>already_waiting</c>.
    /// </exception>
    /// <exception cref="LockLostException">It was granted, but its time had run out before the answer was here.</exception>
    public async Task<LockHandle> AcquireAsync(string name, LockOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LockOptions();
        options.Validate();
        var request = new AcquireLockRequest(
            options.Owner ?? $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}",
            options.Mode,
            (long)options.Ttl.TotalMilliseconds,
            (long)options.Wait.TotalMilliseconds,
            Permits: options.Permits,
            Take: options.Take);
        var sentAt = _clock.GetTimestamp();
        var granted = await _client.AcquireLockAsync(name, request, cancellation);
        var handle = new LockHandle(_client, _clock, granted, options, sentAt);
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
}
