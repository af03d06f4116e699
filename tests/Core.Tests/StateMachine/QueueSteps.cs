using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What a step of a workload means for queues.</summary>
internal static class QueueSteps
{
    public static readonly (int Weight, string Kind)[] Kinds =
    [
        (2, "configure"), (12, "enqueue"), (10, "dequeue"), (6, "ack"), (3, "nack"), (2, "extend"), (1, "purge"),
        (2, "redrive"), (1, "requeue"), (1, "leave"), (1, "drop"),
    ];

    public static QueueCommand? Resolve(ScriptStep step, ClusterState state)
    {
        var name = $"queue{step.A % 2}";
        var queue = state.Queues.Get(name);
        var (b, c) = (step.B, step.C);
        return step.Kind switch
        {
            "configure" => new QueueConfigure(name, Settings(b, c)),
            "enqueue" => new QueueEnqueue(name, [.. Enumerable.Range(0, 1 + (b % 3)).Select(i => Message(b + i, c + i))]),
            "dequeue" => new QueueDequeue(name, $"consumer{b % 3}", 1 + (c % 4), c % 2 == 0 ? null : 5 + (c % 30), c % 3 == 0 ? b % 40 : 0),
            "ack" => new QueueAck(name, Receipts(queue, b, c)),
            "nack" => new QueueNack(name, Receipts(queue, b, c), c % 2 == 0 ? 0 : c % 20),
            "extend" => new QueueExtend(name, Receipts(queue, b, c), c % 2 == 0 ? null : 10 + (c % 20)),
            "purge" => new QueuePurge(name, (MessageState)(1 + (b % 4)), c % 2 == 0 ? null : c % 4),
            "redrive" => new QueueRedrive(name, c % 3 == 0 ? Ids(queue, MessageState.Dead) : null, c % 2 == 0 ? null : c % 3),
            "requeue" when b % 2 == 0 => new QueueRequeue(name, MessageState.Delayed, null, 1 + (c % 3)),
            "requeue" => new QueueRequeue(name, MessageState.InFlight, Ids(queue, MessageState.InFlight), null),
            "leave" => new QueueCancelWait(name, queue?.Waits().FirstOrDefault()?.Ticket ?? c),
            "drop" when c % 5 == 0 => new QueueDelete(name),
            _ => null,
        };
    }

    private static QueueSettings Settings(int b, int c) => new(
        MaxDeliveries: 1 + (b % 3),
        VisibilityMs: 5 + (c % 40),
        MaxLength: c % 3 == 0 ? 4 + (b % 5) : null,
        MaxBytes: c % 5 == 0 ? 20 : null,
        c % 2 == 0 ? QueueOverflow.Reject : QueueOverflow.DropOldest,
        DedupWindowMs: b % 4 == 0 ? 0 : 30);

    private static NewMessage Message(int b, int c) => new(
        new byte[1 + (b % 4)],
        (byte)(c % 10),
        c % 6 == 0 ? 1 + (b % 30) : 0,
        b % 4 == 0 ? $"dedup{c % 5}" : null,
        b % 7 == 0 ? [new("kind", $"{c}"), new("to", "β")] : []);

    /// <summary>Some that are held, one that was held, and one twice.</summary>
    private static List<Receipt> Receipts(MessageQueue? queue, int b, int c)
    {
        var held = queue?.Browse(MessageState.InFlight).Select(message => message.Receipt).ToList() ?? [];
        var receipts = held.Skip(held.Count == 0 ? 0 : b % held.Count).Take(1 + (c % 3)).ToList();
        receipts.Add(new Receipt(b, c));
        receipts.Add(receipts[0]);
        return receipts;
    }

    private static IReadOnlyList<long>? Ids(MessageQueue? queue, MessageState state) =>
        [.. queue?.Browse(state).Take(2).Select(message => message.Id) ?? [], 1];
}
