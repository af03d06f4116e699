using Quorate.Contracts;
using Quorate.Contracts.Regions;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    private string? _region;

    /// <summary>A client whose requests go to another region's cluster, reached through the same gateway; null: to the gateway's own.</summary>
    /// <remarks>Requests throw <see cref="QuorateException"/> with <c>region_not_found</c> when the gateway does not reach that region.</remarks>
    public QuorateClient In(string? region) => new(http, accessToken) { _fence = _fence, _region = region };

    /// <summary>The regions that the gateway knows and the links between them; no regions when there is only one.</summary>
    public Task<RegionsView> GetRegionsAsync(CancellationToken cancellation = default) => GetAsync<RegionsView>(Routes.Regions, cancellation);

    /// <summary>The outbox of a region.</summary>
    /// <param name="state">One of <see cref="SyncQueueStates"/>; null: all.</param>
    public Task<SyncQueueView> GetSyncQueueAsync(
        string region, string? state = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<SyncQueueView>(
            WithQuery(Routes.RegionQueue(region), ("state", state), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <summary>Has changes tried again that were refused so often that they wait for an operator.</summary>
    public Task<RetrySyncQueueResponse> RetrySyncQueueAsync(string region, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<RetrySyncQueueResponse>(Request(HttpMethod.Post, Routes.RetryRegionQueue(region), reason: reason), cancellation);

    /// <summary>Deletions from elsewhere that wait for an operator.</summary>
    public Task<Page<BrakeView>> ListBrakesAsync(string region, CancellationToken cancellation = default) =>
        GetAsync<Page<BrakeView>>(Routes.RegionBrakes(region), cancellation);

    /// <param name="action">One of <see cref="BrakeActions"/>.</param>
    public Task<BrakeResponse> DecideBrakeAsync(
        string region, string collection, string action, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<BrakeResponse>(Request(HttpMethod.Post, Routes.RegionBrake(region, collection), new BrakeRequest(action), reason), cancellation);

    /// <summary>Conflicts, newest first. Values over 4 KiB are left out; <see cref="GetConflictAsync"/> has them.</summary>
    /// <param name="status">One of <see cref="ConflictStatuses"/>; null: all.</param>
    /// <param name="strategy">One of <see cref="Contracts.Documents.ConflictStrategies"/>; null: all.</param>
    /// <param name="writer">A region that wrote one of the versions; null: any.</param>
    /// <param name="prefix">Keys that begin with it; null: all.</param>
    public Task<Page<ConflictView>> ListConflictsAsync(
        string? status = null,
        string? collection = null,
        string? strategy = null,
        string? writer = null,
        string? prefix = null,
        int? limit = null,
        string? cursor = null,
        CancellationToken cancellation = default) =>
        GetAsync<Page<ConflictView>>(
            WithQuery(
                Routes.Conflicts,
                ("status", status), ("collection", collection), ("strategy", strategy), ("writer", writer), ("prefix", prefix),
                ("limit", limit?.ToString()), ("cursor", cursor)),
            cancellation);

    /// <exception cref="QuorateException"><c>conflict_not_found</c>.</exception>
    public Task<ConflictView> GetConflictAsync(string id, CancellationToken cancellation = default) =>
        GetAsync<ConflictView>(Routes.Conflict(id), cancellation);

    /// <summary>Settles a conflict: takes a version, writes another value, or lets both live on.</summary>
    /// <exception cref="QuorateException"><c>conflict_not_found</c>, or <c>rev_conflict</c> when the document has another revision by now.</exception>
    public Task<ResolveConflictResponse> ResolveConflictAsync(
        string id, ResolveConflictRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<ResolveConflictResponse>(Request(HttpMethod.Post, $"{Routes.Conflict(id)}/resolve", request, reason), cancellation);

    /// <summary>Takes the last settlement back, as long as nothing was written since.</summary>
    public Task<ResolveConflictResponse> UndoConflictAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<ResolveConflictResponse>(Request(HttpMethod.Post, $"{Routes.Conflict(id)}/undo", reason: reason), cancellation);

    /// <summary>Settles all conflicts that a filter finds.</summary>
    /// <param name="dryRun">Only says what would be done.</param>
    public Task<ResolveConflictsResponse> ResolveConflictsAsync(
        ResolveConflictsRequest request, bool dryRun, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<ResolveConflictsResponse>(
            Request(HttpMethod.Post, WithQuery(Routes.ResolveConflicts, ("dryRun", dryRun ? "true" : null)), request, reason), cancellation);

    /// <summary>Cuts the link between two regions, both directions, until it is healed. Only in the laboratory.</summary>
    public Task<LaboratoryLink> CutLinkAsync(string from, string to, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<LaboratoryLink>(Request(HttpMethod.Post, Routes.LaboratoryLink(from, to, "cut"), reason: reason), cancellation);

    public Task<LaboratoryLink> HealLinkAsync(string from, string to, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<LaboratoryLink>(Request(HttpMethod.Post, Routes.LaboratoryLink(from, to, "heal"), reason: reason), cancellation);
}
