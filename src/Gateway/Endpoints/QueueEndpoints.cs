using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Metrics;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Queues as a whole, and what an operator does with them; messages are in <see cref="QueueMessageEndpoints"/>.</summary>
internal static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        var queues = routes.MapGroup(Routes.Queues).WithTags("Queues");
        queues.MapGet("", ListQueues).WithName("listQueues").AnswersToRead();

        var named = queues.MapGroup("/{name}");
        named.MapGet("", GetQueue).WithName("getQueue").AnswersToRead(ErrorCodes.QueueNotFound);
        named.MapPut("", PutQueue).WithName("putQueue").AnswersToWrite();
        named.MapDelete("", DeleteQueue).WithName("deleteQueue").AnswersToWrite(ErrorCodes.QueueNotFound);
        named.MapGet("/history", GetHistory).WithName("getQueueHistory").AnswersToRead(ErrorCodes.QueueNotFound);
        named.MapPost("/purge", PurgeQueue).WithName("purgeQueue").AnswersToWrite(ErrorCodes.QueueNotFound);
        named.MapPost("/redrive", RedriveQueue).WithName("redriveQueue").AnswersToWrite(ErrorCodes.QueueNotFound);
        named.MapPost("/requeue", RequeueMessages).WithName("requeueMessages").AnswersToWrite(ErrorCodes.QueueNotFound);
        named.MapQueueMessages();
    }

    /// <summary>Lists queues by name, with what is in them and how fast they move.</summary>
    private static async Task<Ok<Page<QueueView>>> ListQueues(
        PageQuery page, PrefixQuery prefix, ClusterClient cluster, QueueSampler sampler, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await cluster.ReadAsync(
            state => state.Queues.Range(prefix.Value, after).Take(page.Limit + 1).Select(queue => sampler.View(queue, recent: true)).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, item => item, item => Cursor.Of(item.Name)));
    }

    /// <summary>Shows a queue: configuration, depth, consumers, counters and rates.</summary>
    private static async Task<Results<Ok<QueueView>, ProblemResult>> GetQueue(
        SegmentName name, ClusterClient cluster, QueueSampler sampler, CancellationToken cancel) =>
        await cluster.ReadAsync(state => state.Queues.Get(name.Value) is { } queue ? sampler.View(queue, recent: true) : null, cancel) is { } view
            ? TypedResults.Ok(view)
            : ClusterProblems.Of(new QueueResult.NotFound());

    /// <summary>Shows the last five minutes of a queue, second by second, as this gateway saw them.</summary>
    private static async Task<Results<Ok<QueueHistory>, ProblemResult>> GetHistory(
        SegmentName name, ClusterClient cluster, QueueSampler sampler, CancellationToken cancel) =>
        await cluster.ReadAsync(state => state.Queues.Get(name.Value) is not null, cancel)
            ? TypedResults.Ok(new QueueHistory(name.Value, sampler.History(name.Value)))
            : ClusterProblems.Of(new QueueResult.NotFound());

    /// <summary>Creates a queue, or changes how it behaves from now on. What the body leaves out gets its default.</summary>
    private static async Task<Results<Ok<PutQueueResponse>, ProblemResult>> PutQueue(
        SegmentName name, QueueConfiguration? configuration, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var settings = QueueRequests.ToSettings(configuration ?? new QueueConfiguration());
        var result = await cluster.ExecuteAsync(new QueueConfigure(name.Value, settings), headers.Options, cancel);
        return result is QueueResult.Configured configured
            ? TypedResults.Ok(new PutQueueResponse(name.Value, configured.Created, QueueViews.Of(settings)))
            : ClusterProblems.Of(result);
    }

    /// <summary>Deletes a queue with everything in it. Consumers that wait are told.</summary>
    private static async Task<Results<Ok<DeleteQueueResponse>, ProblemResult>> DeleteQueue(
        SegmentName name, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new QueueDelete(name.Value), headers.Options, cancel);
        return result is QueueResult.Deleted deleted
            ? TypedResults.Ok(new DeleteQueueResponse(name.Value, deleted.Messages))
            : ClusterProblems.Of(result);
    }

    /// <summary>Removes messages of one state for good, all or some.</summary>
    private static async Task<Results<Ok<PurgeResponse>, ProblemResult>> PurgeQueue(
        SegmentName name, PurgeRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(QueueRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is QueueResult.Purged purged
            ? TypedResults.Ok(new PurgeResponse(purged.Count, purged.Remaining))
            : ClusterProblems.Of(result);
    }

    /// <summary>Makes dead messages ready again, their deliveries forgotten: all, some, or those named.</summary>
    private static Task<Results<Ok<MoveResponse>, ProblemResult>> RedriveQueue(
        SegmentName name, RedriveRequest? request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Move(QueueRequests.ToCommand(name.Value, request ?? new RedriveRequest()), headers, cluster, cancel);

    /// <summary>Makes delayed or in-flight messages ready now; a consumer that has one loses it.</summary>
    private static Task<Results<Ok<MoveResponse>, ProblemResult>> RequeueMessages(
        SegmentName name, RequeueRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Move(QueueRequests.ToCommand(name.Value, request), headers, cluster, cancel);

    private static async Task<Results<Ok<MoveResponse>, ProblemResult>> Move(
        QueueCommand command, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ExecuteAsync(command, headers.Options, cancel) is var result && result is QueueResult.Moved moved
            ? TypedResults.Ok(new MoveResponse(moved.Count, moved.Remaining))
            : ClusterProblems.Of(result);
}
