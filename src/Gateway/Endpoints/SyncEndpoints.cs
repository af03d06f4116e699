using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Live;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>What operators ask about followers.</summary>
internal static class SyncEndpoints
{
    public static void MapSync(this IEndpointRouteBuilder routes)
    {
        var sync = routes.MapGroup(Routes.Sync).WithTags("Replication");
        sync.MapGet("/status", GetStatus).WithName("getSyncStatus").AnswersToRead();
        sync.MapPost("/trigger", TriggerSync).WithName("triggerSync").AnswersToRead(ErrorCodes.FollowerNotFound);
        sync.MapPut("/retention", SetRetention).WithName("setSyncRetention").AnswersToWrite();
        sync.MapDelete("/followers/{id}", RemoveFollower).WithName("removeFollower").AnswersToWrite(ErrorCodes.FollowerNotFound);
        sync.MapPull();
    }

    /// <summary>Shows the log of changes, and for each follower its sequence number and its lag.</summary>
    private static async Task<Ok<SyncStatus>> GetStatus(ClusterClient cluster, SyncMonitor monitor, CancellationToken cancel) =>
        TypedResults.Ok(await cluster.ReadAsync(monitor.Status, cancel));

    /// <summary>Makes followers pull now, and if asked waits until they have what there is. They do so by themselves too.</summary>
    private static async Task<Results<Ok<TriggerSyncResponse>, ProblemResult>> TriggerSync(
        TriggerSyncRequest? request, ClusterClient cluster, SyncMonitor monitor, ChangeFeed feed, CancellationToken cancel)
    {
        var wait = SyncRequests.WaitOf(request);
        var (last, known) = await cluster.ReadAsync(state => (state.Sync.Last, state.Sync.Followers.Select(follower => follower.Id).ToList()), cancel);
        if (request?.Follower is { } named)
        {
            if (!known.Contains(Names.Require("follower", named)))
            {
                return DocumentProblems.Of(new SyncResult.FollowerNotFound());
            }

            known = [named];
        }

        monitor.Trigger.Pulse();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait);
        while (true)
        {
            var next = feed.Signal.Next;
            var inSync = cluster.Peek(state => known.Count(id => state.Sync.GetFollower(id)?.Sequence >= last));
            if (inSync == known.Count || limit.IsCancellationRequested)
            {
                cancel.ThrowIfCancellationRequested();
                return TypedResults.Ok(new TriggerSyncResponse(last, known.Count, inSync));
            }

            await next.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sets how much of the log is kept for followers that do not keep up. One that falls behind further gets a snapshot.</summary>
    private static async Task<Results<Ok<SyncRetentionView>, ProblemResult>> SetRetention(
        SyncRetentionView request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var command = SyncRequests.ToCommand(request);
        var result = await cluster.ExecuteAsync(command, headers.Options, cancel);
        return result is SyncResult.Retained
            ? TypedResults.Ok(new SyncRetentionView(command.MaxEntries, command.MaxBytes))
            : ClusterProblems.Of(result);
    }

    /// <summary>Forgets a follower: nothing is kept for it any more. One that is alive registers again, and may then need a snapshot.</summary>
    private static async Task<Results<Ok<FollowerStanding>, ProblemResult>> RemoveFollower(
        SegmentName id, WriteHeaders headers, ClusterClient cluster, SyncMonitor monitor, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new FollowerLeave(id.Value), headers.Options, cancel);
        monitor.Forget(id.Value);
        return result is SyncResult.Standing standing
            ? TypedResults.Ok(SyncRequests.Standing(id.Value, standing))
            : ClusterProblems.Of(result);
    }
}
