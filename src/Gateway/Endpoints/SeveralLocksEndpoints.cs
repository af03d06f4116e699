using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Locks;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Several locks in one step.</summary>
internal static class SeveralLocksEndpoints
{
    public static void MapSeveralLocks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.AcquireLocks, AcquireLocks).WithName("acquireLocks").AnswersToWrite(LockEndpoints.Acquiring);
        routes.MapPost(Routes.RenewLocks, RenewLocks).WithName("renewLocks").AnswersToWrite();
        routes.MapPost(Routes.ReleaseLocks, ReleaseLocks).WithName("releaseLocks").AnswersToWrite();
    }

    /// <summary>Takes up to 64 locks together or none of them. While it waits it holds nothing.</summary>
    private static async Task<Results<Ok<AcquireLocksResponse>, ProblemResult>> AcquireLocks(
        AcquireLocksRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(request), headers.Options, cancel);
        return result is CommandResult.LocksGranted { Holds: var holds }
            ? TypedResults.Ok(new AcquireLocksResponse(request.Owner, [.. holds.Select(each => LockViews.Of(each.Lock, each.Hold))]))
            : ClusterProblems.Of(result);
    }

    /// <summary>Lets up to 64 grants live longer, each by itself.</summary>
    private static async Task<Results<Ok<HeldLocksResponse>, ProblemResult>> RenewLocks(
        HeldLocksRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Each(request, await cluster.ExecuteAsync(LockRequests.ToRenewals(request), headers.Options, cancel));

    /// <summary>Gives up to 64 locks back, each by itself.</summary>
    private static async Task<Results<Ok<HeldLocksResponse>, ProblemResult>> ReleaseLocks(
        HeldLocksRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Each(request, await cluster.ExecuteAsync(LockRequests.ToReleases(request), headers.Options, cancel));

    private static Results<Ok<HeldLocksResponse>, ProblemResult> Each(HeldLocksRequest request, CommandResult result) =>
        result is CommandResult.Batched { Results: var results }
            ? TypedResults.Ok(new HeldLocksResponse(request.Owner, [.. request.Locks.Zip(results, Of)]))
            : ClusterProblems.Of(result);

    private static HeldLockResult Of(HeldLockPart part, CommandResult result) => result switch
    {
        CommandResult.LockRenewed { Hold: var hold } => new(part.Name, Ok: true, ExpiresAt: Views.Time(hold.ExpiresAt)),
        CommandResult.LockReleased { Remaining: var remaining } => new(part.Name, Ok: true, Remaining: remaining),
        _ => new(part.Name, Ok: false),
    };
}
