using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

internal static class TransactionEndpoints
{
    public static void MapTransactions(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Routes.Transactions, RunTransaction).WithTags("Transactions").WithName("runTransaction").AnswersToWrite(
            ErrorCodes.MalformedBody,
            ErrorCodes.QueueNotFound, ErrorCodes.QueueFull, ErrorCodes.StaleReceipt,
            ErrorCodes.CandidateNotFound,
            ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound, ErrorCodes.RevConflict, ErrorCodes.ConflictOpen);

    /// <summary>
    /// Compares, then does all of one branch: all or nothing, across keys, cache, queues, locks, elections, events and documents. An operation
    /// that cannot be carried out fails the whole; the problem is its own, and 'field' names its place.
    /// </summary>
    private static async Task<Results<Ok<TransactionResponse>, ProblemResult>> RunTransaction(
        TransactionBody body, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        var result = await region.Cluster.ExecuteAsync(body.Command, headers.Options, cancel);
        return result is CommandResult.TransactionDone done
            ? TypedResults.Ok(new TransactionResponse(
                done.Succeeded, done.Index, [.. (done.Succeeded ? body.Command.Then : body.Command.Else).Zip(done.Results, OperationViews.Of)]))
            : ClusterProblems.Of(result);
    }
}
