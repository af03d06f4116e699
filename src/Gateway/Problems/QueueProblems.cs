using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints;

namespace Quorate.Gateway.Problems;

/// <summary>The problems of queues.</summary>
internal static class QueueProblems
{
    private const int RetryMs = 250;

    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(QueueResult result) => result switch
    {
        QueueResult.NotFound => new(ErrorCodes.QueueNotFound, "There is no queue with this name. PUT it to create it."),
        QueueResult.Full full => new ProblemResult(
                ErrorCodes.QueueFull, "The messages do not fit, and none was enqueued. Wait until consumers catch up, or raise the queue's limits.")
            .With("limits", new { full.Length, full.MaxLength, full.Bytes, full.MaxBytes }),
        QueueResult.TooManyWaiters many => new(ErrorCodes.Overloaded, $"{many.Limit} consumers wait at the queue already.") { RetryAfterMs = RetryMs },
        QueueResult.Settled settled => Stale(settled.Stale),
        QueueResult.Extended extended => Stale(extended.Stale),
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    private static ProblemResult Stale(IReadOnlyList<Receipt> receipts) => new ProblemResult(
            ErrorCodes.StaleReceipt,
            "No receipt is valid any more: the messages were acked, given back or taken away, or their visibility timeout ended and they are delivered again.")
        .With("stale", QueueViews.Of(receipts));
}
