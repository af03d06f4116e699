using Quorate.Contracts;
using Quorate.Contracts.Replication;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>The log of changes, and for each follower its sequence number and its lag.</summary>
    public Task<SyncStatus> GetSyncStatusAsync(CancellationToken cancellation = default) => GetAsync<SyncStatus>(Routes.SyncStatus, cancellation);

    /// <summary>Makes followers pull now, and waits if asked until they have what there is.</summary>
    /// <exception cref="QuorateException"><c>follower_not_found</c>.</exception>
    public Task<TriggerSyncResponse> TriggerSyncAsync(TriggerSyncRequest request, CancellationToken cancellation = default) =>
        PostAsync<TriggerSyncResponse>(Routes.SyncTrigger, request, cancellation);

    /// <summary>Sets how much of the log is kept for followers that do not keep up.</summary>
    public Task<SyncRetentionView> SetSyncRetentionAsync(SyncRetentionView retention, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<SyncRetentionView>(Request(HttpMethod.Put, Routes.SyncRetention, retention, reason), cancellation);

    /// <summary>Forgets a follower. One that is alive registers again.</summary>
    /// <exception cref="QuorateException"><c>follower_not_found</c>.</exception>
    public Task<FollowerStanding> RemoveFollowerAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<FollowerStanding>(Request(HttpMethod.Delete, Routes.Follower(id), reason: reason), cancellation);
}
