using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    public Task<Topology> GetClusterAsync(CancellationToken cancellation = default) =>
        GetAsync<Topology>(Routes.Cluster, cancellation);

    /// <summary>The terms that had a leader, newest first.</summary>
    public Task<Page<LeaderTerm>> GetLeadersAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<LeaderTerm>>(WithQuery(Routes.Leaders, ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    public Task<IReadOnlyList<NodeBelief>> GetBeliefsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<NodeBelief>>(Routes.Beliefs, cancellation);

    /// <param name="target">Voter that should lead; null lets the leader choose the one furthest ahead.</param>
    public Task<TransferLeadershipResponse> TransferLeadershipAsync(string? target, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<TransferLeadershipResponse>(
            Request(HttpMethod.Post, Routes.Leadership, new TransferLeadershipRequest(target), reason), cancellation);

    /// <summary>Lets the voter that is furthest ahead, other than the leader, stand for election; answers when somebody has won.</summary>
    /// <exception cref="QuorateException"><c>no_quorum</c> when nobody could win.</exception>
    public Task<TransferLeadershipResponse> HoldElectionAsync(string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<TransferLeadershipResponse>(Request(HttpMethod.Post, Routes.Election, reason: reason), cancellation);

    /// <summary>Compares the state of all nodes at the same entry. May take seconds where the state is large.</summary>
    public Task<ConsistencyReport> CheckConsistencyAsync(CancellationToken cancellation = default) =>
        GetAsync<ConsistencyReport>(Routes.Consistency, cancellation);

    /// <summary>Stops, starts, isolates or heals a node of the gateway's own process.</summary>
    /// <param name="action">One of <see cref="LaboratoryActions"/>.</param>
    /// <exception cref="QuorateException"><c>not_found</c> where the laboratory is off.</exception>
    public Task<LaboratoryNode> ActOnNodeAsync(string node, string action, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<LaboratoryNode>(Request(HttpMethod.Post, Routes.LaboratoryNode(node, action), reason: reason), cancellation);
}
