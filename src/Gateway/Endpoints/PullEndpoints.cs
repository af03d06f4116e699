using Microsoft.AspNetCore.Http.HttpResults;
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

/// <summary>What followers ask: report a position, pull what comes after it, or get everything.</summary>
internal static class PullEndpoints
{
    /// <summary>What the values of one batch may count together; at least one change always goes.</summary>
    private const long MaxBatchBytes = 4L << 20;

    public static void MapPull(this RouteGroupBuilder sync)
    {
        sync.MapPut("/followers/{id}", ReportFollower).WithName("reportFollower").AnswersToWrite(ErrorCodes.LimitReached, ErrorCodes.SnapshotRequired);
        sync.MapGet("/log", PullLog).WithName("pullSyncLog").AnswersToRead(ErrorCodes.FollowerNotFound, ErrorCodes.SnapshotRequired);
        sync.MapGet("/snapshot", GetSnapshot).WithName("getSyncSnapshot").AnswersToRead(ErrorCodes.FollowerNotFound);
    }

    /// <summary>Registers a follower, or says how far it is. The log is pruned up to what every follower has.</summary>
    private static async Task<Results<Ok<FollowerStanding>, ProblemResult>> ReportFollower(
        SegmentName id, ReportFollowerRequest request, WriteHeaders headers, ClusterClient cluster, SyncMonitor monitor, CancellationToken cancel)
    {
        using var asking = monitor.Asks(id.Value);
        var result = await cluster.ExecuteAsync(SyncRequests.ToCommand(id.Value, request), headers.Options, cancel);
        if (result is SyncResult.Standing standing)
        {
            return TypedResults.Ok(SyncRequests.Standing(id.Value, standing));
        }

        monitor.Refused();
        return ClusterProblems.Of(result);
    }

    /// <summary>Answers the changes after a position, waiting a while for the first. A trigger ends the waiting with none.</summary>
    private static async Task<Results<Ok<SyncBatch>, ProblemResult>> PullLog(
        PullQuery pull, ClusterClient cluster, SyncMonitor monitor, ChangeFeed feed, CancellationToken cancel)
    {
        using var asking = monitor.Asks(pull.Follower, pull.MissingChunks);
        var trigger = monitor.Trigger.Next;

        // Confirmed once, so that a gateway that lags takes nobody's position for an unknown one.
        var problem = await cluster.ReadAsync(
            state => state.Sync.GetFollower(pull.Follower) is null ? DocumentProblems.Of(new SyncResult.FollowerNotFound())
                : state.Sync.Reaches(pull.After) ? null
                : Behind(state.Sync),
            cancel);
        if (problem is not null)
        {
            monitor.Refused();
            return problem;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(pull.Wait);
        while (true)
        {
            var next = feed.Signal.Next;
            var (entries, last, reached) = cluster.Peek(state => (Batch(state.Sync, pull), state.Sync.Last, state.Sync.Reaches(pull.After)));
            if (!reached)
            {
                monitor.Refused();
                return cluster.Peek(state => Behind(state.Sync));
            }

            if (entries.Count > 0 || limit.IsCancellationRequested || trigger.IsCompleted)
            {
                cancel.ThrowIfCancellationRequested();
                monitor.Count(entries.Count);
                return TypedResults.Ok(new SyncBatch([.. entries.Select(SyncViews.Of)], last));
            }

            await ((Task)Task.WhenAny(next, trigger)).WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Streams all collections, documents and blobs, the latter without their content, as lines of JSON: a header, an entry each, and the header again with their number.</summary>
    private static async Task<Results<SnapshotResult, ProblemResult>> GetSnapshot(
        FollowerQuery follower, ClusterClient cluster, SyncMonitor monitor, CancellationToken cancel)
    {
        // From here on the log keeps what the snapshot may lack.
        var result = await cluster.ExecuteAsync(new FollowerPin(follower.Value), WriteOptions.None, cancel);
        if (result is not SyncResult.Standing)
        {
            monitor.Refused();
            return ClusterProblems.Of(result);
        }

        var (sequence, entries) = await cluster.ReadAsync(state => (state.Sync.Last, state.Documents.Export().Concat(state.Blobs.Export())), cancel);
        return new SnapshotResult(sequence, entries, monitor.Asks(follower.Value));
    }

    private static List<SyncEntry> Batch(SyncTable sync, PullQuery pull)
    {
        var (batch, bytes) = (new List<SyncEntry>(), 0L);
        foreach (var entry in sync.After(pull.After).Take(pull.Limit))
        {
            bytes += entry.Cost;
            if (batch.Count > 0 && bytes > MaxBatchBytes)
            {
                break;
            }

            batch.Add(entry);
        }

        return batch;
    }

    private static ProblemResult Behind(SyncTable sync) => DocumentProblems.SnapshotRequired(
        $"The log goes from change {sync.First} to {sync.Last}: what the follower lacks is not in it. It must begin anew with a snapshot.", sync.Last);
}
