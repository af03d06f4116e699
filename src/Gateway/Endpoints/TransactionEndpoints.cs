using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class TransactionEndpoints
{
    public static void MapTransactions(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Routes.Transactions, RunTransaction).WithTags("Key-value").WithName("runTransaction").AnswersToWrite(ErrorCodes.MalformedBody);

    /// <summary>Compares, then does all of one branch: all or nothing, across keys and locks.</summary>
    private static async Task<Results<Ok<TransactionResponse>, ProblemResult>> RunTransaction(
        TransactionRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var transaction = TransactionRequests.ToCommand(request);
        var result = await cluster.ExecuteAsync(transaction, headers.Options, cancel);
        if (result is not CommandResult.TransactionDone done)
        {
            return ClusterProblems.Of(result);
        }

        var operations = (done.Succeeded ? request.Then : request.Else) ?? [];
        return TypedResults.Ok(new TransactionResponse(done.Succeeded, done.Index, [.. operations.Zip(done.Results, Of)]));
    }

    private static TransactionResult Of(TransactionOperation operation, CommandResult result) => result switch
    {
        CommandResult.KvWritten written => new(operation.Op, operation.Key, Exists: !written.Created, written.Revision),
        CommandResult.KvDeleted => new(operation.Op, operation.Key, Exists: true),
        CommandResult.KvNotFound or CommandResult.KvFound { Item: null } => new(operation.Op, operation.Key, Exists: false),
        CommandResult.KvFound { Item: { } item } => new(operation.Op, operation.Key, Exists: true, item.Revision, JsonElement.Parse(item.Value.Span)),
        _ => throw new UnreachableException(result.GetType().Name),
    };
}
