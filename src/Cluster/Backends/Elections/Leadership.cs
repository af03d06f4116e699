using Quorate.Client;
using Quorate.Contracts.State;

namespace Quorate.Backends.Elections;

/// <summary>Leading, from when the lock was granted until it is given up or lost. It ends before the backend would let somebody else lead.</summary>
public sealed class Leadership : Lease
{
    private readonly ISyncBackend _backend;
    private readonly SyncLock _held;
    private readonly TimeSpan _ttl;

    internal Leadership(ISyncBackend backend, SyncLock held, LeaderElectorOptions options, TimeProvider clock, long sentAt)
        : base(options.Timing, clock, sentAt) => (_backend, _held, _ttl) = (backend, held, options.Ttl);

    /// <summary>Who leads, as the backend knows it.</summary>
    public string Owner => _held.Owner;

    /// <summary>For resources that refuse the writes of an earlier leader.</summary>
    public LockFence Fence => new(_held.Name, _held.Token);

    internal Task BeginAsync(CancellationToken cancellation) => StartAsync(cancellation);

    protected override async Task<Renewal> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            return await _backend.RenewLockAsync(_held, _ttl, cancellation) ? Renewal.Renewed : Renewal.Refused;
        }
        catch (SyncBackendException)
        {
            return Renewal.Unanswered;
        }
    }

    protected override async Task ReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            await _backend.ReleaseLockAsync(_held, cancellation);
        }
        catch (Exception error) when (error is SyncBackendException or OperationCanceledException)
        {
            // Nobody answers: its time to live ends it.
        }
    }

    protected override LockLostException Loss() => new(Fence);
}
