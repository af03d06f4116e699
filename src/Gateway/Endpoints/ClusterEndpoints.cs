using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Terms;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>What an operator asks about the nodes themselves. The answers need no quorum: they are wanted most when there is none.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes)
    {
        var cluster = routes.MapGroup("").WithTags("Cluster");
        cluster.MapGet(Routes.Cluster, GetCluster).WithName("getCluster").Answers();
        cluster.MapGet(Routes.Leaders, ListLeaders).WithName("listLeaders").Answers(ErrorCodes.InvalidArgument);
        cluster.MapGet(Routes.Beliefs, GetBeliefs).WithName("getBeliefs").Answers();
        cluster.MapPost(Routes.Leadership, TransferLeadership).WithName("transferLeadership")
            .Answers(ErrorCodes.InvalidArgument, ErrorCodes.MalformedBody, ErrorCodes.NodeNotFound, ErrorCodes.TransferFailed, ErrorCodes.NoQuorum);
        cluster.MapPost(Routes.Election, HoldElection).WithName("holdElection").Answers(ErrorCodes.InvalidArgument, ErrorCodes.NoQuorum);
    }

    /// <summary>Shows the nodes, who leads, and how many failures the cluster still survives.</summary>
    private static Ok<Topology> GetCluster(ITopologySource topology) => TypedResults.Ok(topology.Current);

    /// <summary>Lists the terms that had a leader, newest first, as far as this gateway has seen them.</summary>
    private static Ok<Page<LeaderTerm>> ListLeaders(PageQuery page, ClusterClient cluster)
    {
        var before = page.AfterNumber ?? long.MaxValue;
        var terms = cluster.Peek(state => state.Terms.All().ToList());
        var rows = new List<(TermRecord Record, TermRecord? Next)>(page.Limit + 1);
        for (var i = terms.Count - 1; i >= 0 && rows.Count <= page.Limit; i--)
        {
            if (terms[i].Term.Value < before)
            {
                rows.Add((terms[i], i + 1 < terms.Count ? terms[i + 1] : null));
            }
        }

        return TypedResults.Ok(page.Cut(rows, row => Views.Of(row.Record, row.Next), row => Cursor.Of(row.Record.Term.Value)));
    }

    /// <summary>Shows what each node believes of leader, term and membership.</summary>
    private static Ok<IReadOnlyList<NodeBelief>> GetBeliefs(ITopologySource topology) => TypedResults.Ok(topology.Beliefs());

    /// <summary>Hands leadership to another voter, and answers when it leads.</summary>
    private static async Task<Results<Ok<TransferLeadershipResponse>, ProblemResult>> TransferLeadership(
        TransferLeadershipRequest? request, ReasonHeader reason, Leadership leadership, CancellationToken cancel)
    {
        var target = request?.Target is { } name ? Names.Require("target", name) : null;
        return await leadership.TransferAsync(target, reason.Value, cancel) switch
        {
            { Leader: { } leader } => TypedResults.Ok(leader),
            { Problem: var problem } => problem!,
        };
    }

    /// <summary>Lets the voter that is furthest ahead, other than the leader, stand for election, and answers when somebody has won.</summary>
    private static async Task<Results<Ok<TransferLeadershipResponse>, ProblemResult>> HoldElection(
        ReasonHeader reason, Leadership leadership, CancellationToken cancel) =>
        TypedResults.Ok(await leadership.HoldElectionAsync(reason.Value, cancel));
}
