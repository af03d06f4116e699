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
            OwnerOf(options),
            options.Mode,
            (long)options.Ttl.TotalMilliseconds,
            (long)options.Wait.TotalMilliseconds,
            Permits: options.Permits,
            Take: options.Take);
        var sentAt = _clock.GetTimestamp();
        var granted = await _client.AcquireLockAsync(name, request, cancellation);
        return await StartedAsync(new LockHandle(_client, _clock, granted, options, sentAt), cancellation);
    }

    /// <summary>Takes up to 64 locks in one step: all of them or none, and while it waits it holds nothing.</summary>
    /// <param name="locks">Each named once; where the mode is left out, it is the one of <paramref name="options"/>.</param>
    /// <exception cref="QuorateException">As for one lock; it names those that somebody else holds.</exception>
    /// <exception cref="LockLostException">They were granted, but the time of one had run out before the answer was here.</exception>
    public async Task<LockSetHandle> AcquireAllAsync(
        IReadOnlyList<LockRequestPart> locks, LockOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LockOptions();
        options.Validate();
        var request = new AcquireLocksRequest(
            [.. locks.Select(each => each with { Mode = each.Mode ?? (each.Permits is null ? options.Mode : null) })],
            OwnerOf(options),
            (long)options.Ttl.TotalMilliseconds,
            (long)options.Wait.TotalMilliseconds);
        var sentAt = _clock.GetTimestamp();
        var granted = await _client.AcquireLocksAsync(request, cancellation);
        return await StartedAsync(new LockSetHandle(_client, _clock, granted, options, sentAt), cancellation);
    }

    /// <summary>Takes several exclusive locks in one step.</summary>
    public Task<LockSetHandle> AcquireAllAsync(IEnumerable<string> names, LockOptions? options = null, CancellationToken cancellation = default) =>
        AcquireAllAsync([.. names.Select(name => new LockRequestPart(name))], options, cancellation);

    private static string OwnerOf(LockOptions options) =>
        options.Owner ?? $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    private static async Task<THandle> StartedAsync<THandle>(THandle handle, CancellationToken cancellation)
        where THandle : Lease
    {
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
