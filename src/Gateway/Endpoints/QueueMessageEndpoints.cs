using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Messages: in, out, and looked at.</summary>
internal static class QueueMessageEndpoints
{
    public static void MapQueueMessages(this IEndpointRouteBuilder queue)
    {
        queue.MapPost("/messages", EnqueueMessages).WithName("enqueueMessages")
            .AnswersToWrite(ErrorCodes.QueueNotFound, ErrorCodes.QueueFull, ErrorCodes.MalformedBody);
        queue.MapGet("/messages", BrowseMessages).WithName("browseMessages").AnswersToRead(ErrorCodes.QueueNotFound);
        queue.MapPost("/dequeue", DequeueMessages).WithName("dequeueMessages").AnswersToWrite(ErrorCodes.QueueNotFound);
        queue.MapPost("/ack", AckMessages).WithName("ackMessages").AnswersToWrite(ErrorCodes.QueueNotFound, ErrorCodes.StaleReceipt);
        queue.MapPost("/nack", NackMessages).WithName("nackMessages").AnswersToWrite(ErrorCodes.QueueNotFound, ErrorCodes.StaleReceipt);
        queue.MapPost("/extend", ExtendMessages).WithName("extendMessages").AnswersToWrite(ErrorCodes.QueueNotFound, ErrorCodes.StaleReceipt);
    }

    /// <summary>Enqueues up to 1000 messages in one round of consensus: all of them, or none when the queue is full.</summary>
    private static async Task<Results<Answer<EnqueueResponse>, ProblemResult>> EnqueueMessages(
        SegmentName name, EnqueueBody body, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new QueueEnqueue(name.Value, body.Messages), headers.Options, cancel);
        return result is QueueResult.Enqueued enqueued
            ? Answer.Of(new EnqueueResponse([.. enqueued.Messages.Select(message => new EnqueuedMessageView(message.Id, message.Duplicate))]))
            : ClusterProblems.Of(result);
    }

    /// <summary>Shows messages of one state without consuming them, with bodies of up to 4 KiB.</summary>
    private static async Task<Results<Ok<Page<QueueMessageView>>, ProblemResult>> BrowseMessages(
        SegmentName name, MessageStateQuery state, PageQuery page, ClusterClient cluster, CancellationToken cancel)
    {
        var after = BrowseCursor.Read(page.Cursor);
        var items = await cluster.ReadAsync(
            replicated => replicated.Queues.Get(name.Value)?.Browse(state.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return items is not null
            ? TypedResults.Ok(page.Cut(
                items, item => QueueViews.Of(item, state.Value), item => BrowseCursor.Of(BrowsePosition.Of(item, state.Value))))
            : ClusterProblems.Of(new QueueResult.NotFound());
    }

    /// <summary>
    /// Takes messages, waiting for the first if asked to. Each has a receipt; without an ack before its visibility timeout ends it is
    /// delivered again. Closing the connection withdraws a waiting request.
    /// </summary>
    private static async Task<Results<DeliveredResult, ProblemResult>> DequeueMessages(
        SegmentName name, DequeueRequest? request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(QueueRequests.ToCommand(name.Value, request ?? new DequeueRequest()), headers.Options, cancel);
        return result is QueueResult.Delivered delivered ? new DeliveredResult(delivered.Messages) : ClusterProblems.Of(result);
    }

    /// <summary>Says that messages are done with. Receipts that were void are listed; when all were, that is a problem.</summary>
    private static Task<Results<Answer<SettleResponse>, ProblemResult>> AckMessages(
        SegmentName name, AckRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Settle(new QueueAck(name.Value, QueueRequests.ToReceipts(request.Receipts)), headers, cluster, cancel);

    /// <summary>Gives messages back, to be delivered again at once or later.</summary>
    private static Task<Results<Answer<SettleResponse>, ProblemResult>> NackMessages(
        SegmentName name, NackRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        Settle(QueueRequests.ToCommand(name.Value, request), headers, cluster, cancel);

    /// <summary>Keeps messages invisible to others for longer.</summary>
    private static async Task<Results<Answer<ExtendResponse>, ProblemResult>> ExtendMessages(
        SegmentName name, ExtendRequest request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(QueueRequests.ToCommand(name.Value, request), headers.Options, cancel);
        return result is QueueResult.Extended { Count: > 0 } extended
            ? Answer.Of(new ExtendResponse(extended.Count, Views.Time(extended.VisibleAt), QueueViews.Of(extended.Stale)))
            : ClusterProblems.Of(result);
    }

    private static async Task<Results<Answer<SettleResponse>, ProblemResult>> Settle(
        QueueCommand command, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ExecuteAsync(command, headers.Options, cancel) is var result && result is QueueResult.Settled { Count: > 0 } settled
            ? Answer.Of(new SettleResponse(settled.Count, QueueViews.Of(settled.Stale)))
            : ClusterProblems.Of(result);
}
