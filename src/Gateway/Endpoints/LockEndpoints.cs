using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class LockEndpoints
{
    public static void MapLocks(this IEndpointRouteBuilder routes)
    {
        var locks = routes.MapGroup("").WithTags("Locks");
        locks.MapGet(Routes.Locks, ListLocks).WithName("listLocks").AnswersToRead();
        locks.MapGet(Routes.WaitGraph, GetWaitGraph).WithName("getWaitGraph").AnswersToRead();

        var named = locks.MapGroup(Routes.Locks + "/{name}");
        named.MapGet("", GetLock).WithName("getLock").AnswersToRead(ErrorCodes.LockNotFound);
        named.MapDelete("", ForceReleaseLock).WithName("forceReleaseLock").AnswersToWrite(ErrorCodes.LockNotFound);
        named.MapPost("/acquire", AcquireLock).WithName("acquireLock").AnswersToWrite(ErrorCodes.LockHeld, ErrorCodes.Deadlock);
        named.MapPost("/renew", RenewLock).WithName("renewLock").AnswersToWrite(ErrorCodes.StaleToken);
        named.MapPost("/release", ReleaseLock).WithName("releaseLock").AnswersToWrite(ErrorCodes.StaleToken);
    }

    /// <summary>Lists the locks that somebody holds or waits for, by name.</summary>
    private static async Task<Ok<Page<LockView>>> ListLocks(PageQuery page, PrefixQuery prefix, ClusterClient cluster, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await cluster.ReadAsync(state => state.Locks.Range(prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, Views.Of, item => Cursor.Of(item.Name)));
    }

    /// <summary>Shows who waits for whom now, and the deadlocks that were found and broken, newest first.</summary>
    private static async Task<Ok<WaitGraph>> GetWaitGraph(ClusterClient cluster, CancellationToken cancel)
    {
        var (edges, deadlocks) = await cluster.ReadAsync(
            state => (state.Locks.WaitEdges().ToList(), state.Locks.Deadlocks().Reverse().ToList()), cancel);
        return TypedResults.Ok(new WaitGraph([.. edges.Select(Views.Of)], [.. deadlocks.Select(Views.Of)]));
    }

    /// <summary>Shows a lock with its holders and waiters.</summary>
    private static async Task<Results<Ok<LockView>, ProblemResult>> GetLock(SegmentName name, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ReadAsync(state => state.Locks.Get(name.Value), cancel) is { IsIdle: false } state
            ? TypedResults.Ok(Views.Of(state))
            : ClusterProblems.Of(new CommandResult.LockNotFound());

    /// <summary>Takes a lock, waiting in its queue if asked to. Closing the connection withdraws a waiting request.</summary>
    private static async Task<Results<Ok<AcquireLockResponse>, ProblemResult>> AcquireLock(
        SegmentName name, AcquireLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        if (result is not CommandResult.LockGranted { Hold: var hold })
        {
            return ClusterProblems.Of(result);
        }

        return TypedResults.Ok(new AcquireLockResponse(
            name.Value, hold.Owner, Views.Mode(hold.Mode), hold.Token, Views.Time(hold.AcquiredAt), Views.Time(hold.ExpiresAt), hold.Count));
    }

    /// <summary>Lets a grant live longer.</summary>
    private static async Task<Results<Ok<RenewLockResponse>, ProblemResult>> RenewLock(
        SegmentName name, RenewLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.LockRenewed { Hold: var hold }
            ? TypedResults.Ok(new RenewLockResponse(name.Value, hold.Owner, hold.Token, Views.Time(hold.ExpiresAt)))
            : ClusterProblems.Of(result);
    }

    /// <summary>Gives a lock back.</summary>
    private static async Task<Results<Ok<ReleaseLockResponse>, ProblemResult>> ReleaseLock(
        SegmentName name, ReleaseLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.LockReleased { Remaining: var remaining }
            ? TypedResults.Ok(new ReleaseLockResponse(name.Value, request.Owner, remaining))
            : ClusterProblems.Of(result);
    }

    /// <summary>Takes a lock away from everybody who holds it; the first waiter gets it. An operator's last resort.</summary>
    private static async Task<Results<Ok<ForceReleaseLockResponse>, ProblemResult>> ForceReleaseLock(
        SegmentName name, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new LockForceRelease(name.Value), headers.Options, cancel);
        return result is CommandResult.LockForceReleased { Released: var released }
            ? TypedResults.Ok(new ForceReleaseLockResponse(name.Value, [.. released.Select(Views.Of)]))
            : ClusterProblems.Of(result);
    }
}
