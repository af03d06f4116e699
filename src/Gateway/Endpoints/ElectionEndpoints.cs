using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Live;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class ElectionEndpoints
{
    public static void MapElections(this IEndpointRouteBuilder routes)
    {
        var elections = routes.MapGroup(Routes.Elections).WithTags("Elections");
        elections.MapGet("", ListElections).WithName("listElections").AnswersToRead();

        var named = elections.MapGroup("/{name}");
        named.MapGet("", GetElection).WithName("getElection").AnswersToRead(ErrorCodes.ElectionNotFound);
        named.MapPost("/campaign", Campaign).WithName("campaign").AnswersToWrite();
        named.MapPost("/renew", RenewTerm).WithName("renewTerm").AnswersToWrite(ErrorCodes.StaleToken);
        named.MapPost("/proclaim", Proclaim).WithName("proclaim").AnswersToWrite(ErrorCodes.StaleToken);
        named.MapPost("/resign", Resign).WithName("resign").AnswersToWrite(ErrorCodes.StaleToken, ErrorCodes.CandidateNotFound);
    }

    /// <summary>Lists elections by name, each with its newest past terms.</summary>
    private static async Task<Ok<Page<ElectionView>>> ListElections(
        PageQuery page, PrefixQuery prefix, ClusterClient cluster, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await cluster.ReadAsync(state => state.Elections.Range(prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, item => ElectionViews.Of(item, ElectionViews.ListedTerms), item => Cursor.Of(item.Name)));
    }

    /// <summary>Shows an election with its leader, who waits, and its past terms.</summary>
    private static async Task<Results<Ok<ElectionView>, ProblemResult>> GetElection(SegmentName name, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ReadAsync(state => state.Elections.Get(name.Value), cancel) is { } state
            ? TypedResults.Ok(ElectionViews.Of(state, int.MaxValue))
            : new ProblemResult(ErrorCodes.ElectionNotFound, $"Nobody ever stood in '{name.Value}', or it is forgotten.");

    /// <summary>Stands in an election. Whoever waits longest leads next; standing again renews the candidacy and keeps the place.</summary>
    private static async Task<Results<Ok<CampaignResponse>, ProblemResult>> Campaign(
        SegmentName name, CampaignRequest request, WriteHeaders headers, ClusterClient cluster, ChangeFeed feed, CancellationToken cancel)
    {
        var command = ElectionRequests.ToCommand(name.Value, request);
        var wait = ElectionRequests.WaitOf(request);
        var result = await cluster.ExecuteAsync(command, headers.Options, cancel);
        if (result is CommandResult.ElectionStanding { Token: null } && wait > TimeSpan.Zero)
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limited.CancelAfter(wait);
            result = await ElectedAsync(command.Name, command.Candidate, cluster, feed, limited.Token) ?? result;
            cancel.ThrowIfCancellationRequested();
        }

        return Answer(name.Value, request.Candidate, result);
    }

    /// <summary>Lets the leader's term last anew.</summary>
    private static async Task<Results<Ok<CampaignResponse>, ProblemResult>> RenewTerm(
        SegmentName name, RenewTermRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Answer(name.Value, request.Candidate, await cluster.ExecuteAsync(ElectionRequests.ToCommand(name.Value, request), headers.Options, cancel));

    /// <summary>Changes what the leader tells everybody.</summary>
    private static async Task<Results<Ok<CampaignResponse>, ProblemResult>> Proclaim(
        SegmentName name, ProclaimRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Answer(name.Value, request.Candidate, await cluster.ExecuteAsync(ElectionRequests.ToCommand(name.Value, request), headers.Options, cancel));

    /// <summary>Stands no longer, as leader or in the queue. Without a token also an operator's way to make somebody stand down.</summary>
    private static async Task<Results<Ok<ResignResponse>, ProblemResult>> Resign(
        SegmentName name, ResignRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(ElectionRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.ElectionResigned resigned
            ? TypedResults.Ok(new ResignResponse(
                name.Value, request.Candidate, resigned.Led, cluster.Peek(state => state.Elections.Get(name.Value)?.Leader?.Candidate.Name)))
            : ClusterProblems.Of(result);
    }

    private static Results<Ok<CampaignResponse>, ProblemResult> Answer(string election, string candidate, CommandResult result) =>
        result is CommandResult.ElectionStanding standing
            ? TypedResults.Ok(new CampaignResponse(
                election, candidate, standing.Token is not null, standing.Token, standing.Position, standing.Leader, Views.Time(standing.ExpiresAt)))
            : ClusterProblems.Of(result);

    /// <summary>Waits for the candidate to lead, to be gone, or for the end of the time.</summary>
    /// <returns>Where it stands then; null when it does not stand any more.</returns>
    private static async Task<CommandResult.ElectionStanding?> ElectedAsync(
        string name, string candidate, ClusterClient cluster, ChangeFeed feed, CancellationToken limit)
    {
        while (true)
        {
            var next = feed.Signal.Next;
            var standing = cluster.Peek(state => state.Elections.Standing(name, candidate));
            if (standing is not { Token: null } || limit.IsCancellationRequested)
            {
                return standing;
            }

            await next.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
