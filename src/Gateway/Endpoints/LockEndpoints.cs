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
    /// <summary>Why locks are not granted.</summary>
    public static readonly string[] Acquiring = [ErrorCodes.LockHeld, ErrorCodes.Deadlock, ErrorCodes.PermitsMismatch, ErrorCodes.AlreadyWaiting];

    public static void MapLocks(this IEndpointRouteBuilder routes)
    {
        var locks = routes.MapGroup("").WithTags("Locks");
        locks.MapGet(Routes.Locks, ListLocks).WithName("listLocks").AnswersToRead();
        locks.MapGet(Routes.WaitGraph, GetWaitGraph).WithName("getWaitGraph").AnswersToRead();

        locks.MapSeveralLocks();

        var named = locks.MapGroup(Routes.Locks + "/{name}");
        named.MapGet("", GetLock).WithName("getLock").AnswersToRead(ErrorCodes.LockNotFound);
        named.MapGet("/history", GetLockHistory).WithName("getLockHistory").AnswersToRead(ErrorCodes.LockNotFound);
        named.MapDelete("", ForceReleaseLock).WithName("forceReleaseLock").AnswersToWrite(ErrorCodes.LockNotFound);
        named.MapPost("/acquire", AcquireLock).WithName("acquireLock").AnswersToWrite(Acquiring);
        named.MapPost("/renew", RenewLock).WithName("renewLock").AnswersToWrite();
        named.MapPost("/release", ReleaseLock).WithName("releaseLock").AnswersToWrite();
    }

    /// <summary>Lists the locks that somebody holds or waits for, by name.</summary>
    private static async Task<Ok<Page<LockView>>> ListLocks(PageQuery page, PrefixQuery prefix, ClusterClient cluster, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await cluster.ReadAsync(state => state.Locks.Range(prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, Views.Of, item => Cursor.Of(item.Name)));
    }

    /// <summary>Shows who waits for whom now, and the deadlocks that were found and broken, newest first.</summary>
    private static async Task<Ok<WaitGraph>> GetWaitGraph(ClusterClient cluster, CancellationToken cancel) =>
        TypedResults.Ok(await cluster.ReadAsync(state => LockViews.Graph(state.Locks), cancel));

    /// <summary>Shows a lock with its holders and waiters, and what happened to it lately.</summary>
    private static async Task<Results<Ok<LockView>, ProblemResult>> GetLock(SegmentName name, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ReadAsync(state => (state.Locks.Get(name.Value), state.Locks.History(name.Value)), cancel) is ({ IsIdle: false } state, var history)
            ? TypedResults.Ok(Views.Of(state) with { History = LockViews.Of(name.Value, state, history) })
            : ClusterProblems.Of(new CommandResult.LockNotFound());

    /// <summary>Shows what happened to a lock lately, also when nobody holds it any more.</summary>
    private static async Task<Results<Ok<LockHistoryView>, ProblemResult>> GetLockHistory(
        SegmentName name, ClusterClient cluster, CancellationToken cancel)
    {
        var (state, history) = await cluster.ReadAsync(state => (state.Locks.Get(name.Value), state.Locks.History(name.Value)), cancel);
        return state is null && history is null
            ? ClusterProblems.Of(new CommandResult.LockNotFound())
            : TypedResults.Ok(LockViews.Of(name.Value, state, history));
    }

    /// <summary>Takes a lock, or permits of a semaphore, waiting in its queue if asked to. Closing the connection withdraws a waiting request.</summary>
    private static async Task<Results<Answer<AcquireLockResponse>, ProblemResult>> AcquireLock(
        SegmentName name, AcquireLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.LockGranted { Hold: var hold }
            ? Answer.Of(LockViews.Of(name.Value, hold))
            : ClusterProblems.Of(result);
    }

    /// <summary>Lets a grant live longer.</summary>
    private static async Task<Results<Answer<RenewLockResponse>, ProblemResult>> RenewLock(
        SegmentName name, RenewLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.LockRenewed { Hold: var hold }
            ? Answer.Of(new RenewLockResponse(name.Value, hold.Owner, hold.Token, Views.Time(hold.ExpiresAt)))
            : ClusterProblems.Of(result);
    }

    /// <summary>Gives a lock back.</summary>
    private static async Task<Results<Answer<ReleaseLockResponse>, ProblemResult>> ReleaseLock(
        SegmentName name, ReleaseLockRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(LockRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is CommandResult.LockReleased { Remaining: var remaining }
            ? Answer.Of(new ReleaseLockResponse(name.Value, request.Owner, remaining))
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
