using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;

namespace Quorate.Client;

/// <summary>A lock that is held. It renews itself in the background and is given back when disposed.</summary>
public sealed class LockHandle : Lease
{
    private readonly QuorateClient _client;

    internal LockHandle(QuorateClient client, TimeProvider clock, AcquireLockResponse granted, LockOptions options, long sentAt)
        : base(options.Timing, clock, sentAt)
    {
        _client = client;
        Owner = granted.Owner;
        Fence = new LockFence(granted.Name, granted.FencingToken);
    }

    public string Name => Fence.Lock;

    public string Owner { get; }

    /// <summary>For <see cref="QuorateClient.With"/> and for resources that check tokens themselves.</summary>
    public LockFence Fence { get; }

    protected override async Task<Renewal> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.RenewLockAsync(Name, new RenewLockRequest(Owner, Fence.Token), cancellation);
            return Renewal.Renewed;
        }
        catch (QuorateException refused) when (refused.Code == ErrorCodes.StaleToken)
        {
            return Renewal.Refused;
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException)
        {
            return Renewal.Unanswered;
        }
    }

    protected override async Task ReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.ReleaseLockAsync(Name, new ReleaseLockRequest(Owner, Fence.Token), cancellation);
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException or OperationCanceledException)
        {
            // It was lost already, or nobody answers: its time to live ends it.
        }
    }

    protected override LockLostException Loss() => new(Fence);
}
