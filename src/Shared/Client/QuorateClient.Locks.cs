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

    /// <summary>Takes up to 64 locks together, or none of them.</summary>
    /// <exception cref="QuorateException"><c>lock_held</c> with <c>locks</c> and <c>holders</c>, or <c>deadlock</c> with <c>cycle</c>.</exception>
    public Task<AcquireLocksResponse> AcquireLocksAsync(AcquireLocksRequest request, CancellationToken cancellation = default) =>
        PostAsync<AcquireLocksResponse>(Routes.AcquireLocks, request, cancellation);

    /// <summary>Renews up to 64 locks in one round; each has its own result.</summary>
    public Task<HeldLocksResponse> RenewLocksAsync(HeldLocksRequest request, CancellationToken cancellation = default) =>
        PostAsync<HeldLocksResponse>(Routes.RenewLocks, request, cancellation);

    /// <summary>Releases up to 64 locks in one round; each has its own result.</summary>
    public Task<HeldLocksResponse> ReleaseLocksAsync(HeldLocksRequest request, CancellationToken cancellation = default) =>
        PostAsync<HeldLocksResponse>(Routes.ReleaseLocks, request, cancellation);

    /// <summary>What happened to a lock lately, also when nobody holds it any more.</summary>
    /// <exception cref="QuorateException"><c>lock_not_found</c> when nothing is known of it.</exception>
    public Task<LockHistoryView> GetLockHistoryAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<LockHistoryView>(Routes.LockHistory(name), cancellation);

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
