using Quorate.Contracts;
using Quorate.Contracts.Elections;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    public Task<Page<ElectionView>> ListElectionsAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<ElectionView>>(WithQuery(Routes.Elections, ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>election_not_found</c> when nobody ever stood in it, or it is forgotten.</exception>
    public Task<ElectionView> GetElectionAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<ElectionView>(Routes.ElectionOf(name), cancellation);

    /// <summary>Stands in an election, waiting for at most <see cref="CampaignRequest.WaitMs"/> to lead. Standing again renews the candidacy.</summary>
    public Task<CampaignResponse> CampaignAsync(string name, CampaignRequest request, CancellationToken cancellation = default) =>
        PostAsync<CampaignResponse>($"{Routes.ElectionOf(name)}/campaign", request, cancellation);

    /// <summary>Lets the leader's term last anew.</summary>
    /// <exception cref="QuorateException"><c>stale_token</c> when the term has ended.</exception>
    public Task<CampaignResponse> RenewTermAsync(string name, RenewTermRequest request, CancellationToken cancellation = default) =>
        PostAsync<CampaignResponse>($"{Routes.ElectionOf(name)}/renew", request, cancellation);

    /// <summary>Changes what the leader tells everybody.</summary>
    /// <exception cref="QuorateException"><c>stale_token</c> when the term has ended.</exception>
    public Task<CampaignResponse> ProclaimAsync(string name, ProclaimRequest request, CancellationToken cancellation = default) =>
        PostAsync<CampaignResponse>($"{Routes.ElectionOf(name)}/proclaim", request, cancellation);

    /// <summary>Stands no longer, as leader or in the queue; whoever waited longest leads.</summary>
    /// <exception cref="QuorateException"><c>candidate_not_found</c>, or <c>stale_token</c> when the term has ended.</exception>
    public Task<ResignResponse> ResignAsync(string name, ResignRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<ResignResponse>(Request(HttpMethod.Post, $"{Routes.ElectionOf(name)}/resign", request, reason), cancellation);
}
