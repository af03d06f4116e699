using Quorate.Contracts;
using Quorate.Contracts.Cluster;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>The members, and those on their way in or out.</summary>
    public Task<Page<MemberView>> ListMembersAsync(CancellationToken cancellation = default) =>
        GetAsync<Page<MemberView>>(Routes.Members, cancellation);

    /// <summary>Adds a node: a learner at first, a voter once it has caught up.</summary>
    /// <param name="dryRun">Only says what that does to the quorum.</param>
    /// <exception cref="QuorateException"><c>node_exists</c>, or <c>node_id_retired</c> when a node that left had the id.</exception>
    public Task<MemberChange> AddMemberAsync(AddMemberRequest request, bool dryRun = false, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<MemberChange>(Request(HttpMethod.Post, DryRun(Routes.Members, dryRun), request, reason), cancellation);

    /// <summary>Removes a node for good: its id is never used again.</summary>
    /// <param name="dryRun">Only says what that does to the quorum.</param>
    /// <exception cref="QuorateException"><c>node_not_found</c>, or <c>unsafe_change</c> when no quorum would be left.</exception>
    public Task<MemberChange> RemoveMemberAsync(string id, bool dryRun = false, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<MemberChange>(Request(HttpMethod.Delete, DryRun(Routes.Member(id), dryRun), reason: reason), cancellation);

    private static string DryRun(string path, bool dryRun) => WithQuery(path, ("dryRun", dryRun ? "true" : null));
}
