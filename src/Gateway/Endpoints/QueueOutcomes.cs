using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Gateway.Endpoints;

/// <summary>What became of a numbered write to a queue; null when it was refused.</summary>
internal static class QueueOutcomes
{
    public static (string Kind, object Members)? Of(QueueResult result) => result switch
    {
        QueueResult.Configured configured => ("queue_configured", new { configured.Created }),
        QueueResult.Deleted deleted => ("queue_deleted", new { deleted.Messages }),
        QueueResult.Enqueued enqueued => ("messages_enqueued", new { enqueued.Messages }),
        QueueResult.Delivered delivered => (
            "messages_delivered",
            new { Messages = delivered.Messages.Select(message => new { message.Id, Receipt = QueueRequests.Text(message.Receipt) }) }),
        QueueResult.Waiting => ("messages_awaited", new { }),
        QueueResult.Settled { Count: > 0 } settled => ("messages_settled", new SettleResponse(settled.Count, QueueViews.Of(settled.Stale))),
        QueueResult.Extended { Count: > 0 } extended => (
            "messages_extended", new ExtendResponse(extended.Count, Views.Time(extended.VisibleAt), QueueViews.Of(extended.Stale))),
        QueueResult.Purged purged => ("messages_purged", new PurgeResponse(purged.Count, purged.Remaining)),
        QueueResult.Moved moved => ("messages_moved", new MoveResponse(moved.Count, moved.Remaining)),
        _ => null,
    };
}
