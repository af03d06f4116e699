using Quorate.Contracts;
using Quorate.Contracts.Locks;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    public Task<Page<LockView>> ListLocksAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<LockView>>(WithQuery(Routes.Locks, ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>lock_not_found</c> when nobody holds or waits for it.</exception>
    public Task<LockView> GetLockAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<LockView>(Routes.Lock(name), cancellation);

    /// <summary>Takes a lock, waiting in its queue for at most <see cref="AcquireLockRequest.WaitMs"/>.</summary>
    /// <exception cref="QuorateException"><c>lock_held</c> with <c>holders</c>, or <c>deadlock</c> with <c>cycle</c>.</exception>
    public Task<AcquireLockResponse> AcquireLockAsync(string name, AcquireLockRequest request, CancellationToken cancellation = default) =>
        PostAsync<AcquireLockResponse>($"{Routes.Lock(name)}/acquire", request, cancellation);

    /// <exception cref="QuorateException"><c>stale_token</c> when the grant has ended.</exception>
    public Task<RenewLockResponse> RenewLockAsync(string name, RenewLockRequest request, CancellationToken cancellation = default) =>
        PostAsync<RenewLockResponse>($"{Routes.Lock(name)}/renew", request, cancellation);

    /// <exception cref="QuorateException"><c>stale_token</c> when the grant has ended.</exception>
    public Task<ReleaseLockResponse> ReleaseLockAsync(string name, ReleaseLockRequest request, CancellationToken cancellation = default) =>
        PostAsync<ReleaseLockResponse>($"{Routes.Lock(name)}/release", request, cancellation);

    /// <summary>Takes the lock from whoever holds it; the first waiter gets it.</summary>
    public Task<ForceReleaseLockResponse> ForceReleaseLockAsync(string name, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<ForceReleaseLockResponse>(Request(HttpMethod.Delete, Routes.Lock(name), reason: reason), cancellation);

    public Task<WaitGraph> GetWaitGraphAsync(CancellationToken cancellation = default) =>
        GetAsync<WaitGraph>(Routes.WaitGraph, cancellation);
}
