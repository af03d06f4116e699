using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.Tests.StateMachine.Scenarios;

internal sealed partial class PrimitiveScenario
{
    private readonly Dictionary<(string Consumer, string Body), Receipt> _receipts = [];

    private string? Queue(string[] words) => words[0] switch
    {
        "queue" => ((QueueResult.Configured)Apply(new QueueConfigure(words[1], Settings()))).Created ? "created" : "changed",
        "delete" => Shown("", Apply(new QueueDelete(words[1]))),
        "enqueue" => Enqueue(words[1], [.. words.Skip(2).Select(Message)]),
        "dequeue" => Shown(words[2], Apply(new QueueDequeue(
            words[1], words[2], words.Length > 3 ? (int)Number(words[3]) : 1, Ms("visibility"), Ms("wait") ?? 0))),
        "ack" => Settled(words, receipts => new QueueAck(words[1], receipts)),
        "nack" => Settled(words, receipts => new QueueNack(words[1], receipts, Ms("delay") ?? 0)),
        "extend" => Settled(words, receipts => new QueueExtend(words[1], receipts, Ms("visibility"))),
        "leave" => Shown(words[2], Apply(new QueueCancelWait(words[1], Get(words[1]).Waits().First(wait => wait.Consumer == words[2]).Ticket))),
        "purge" => Shown("", Apply(new QueuePurge(words[1], Enum.Parse<MessageState>(words[2]), Max(words[3..])))),
        "redrive" => Shown("", Apply(new QueueRedrive(words[1], Ids(words[1], MessageState.Dead, words[2..]), Max(words[2..])))),
        "requeue" => Shown("", Apply(new QueueRequeue(
            words[1], Enum.Parse<MessageState>(words[2]), Ids(words[1], Enum.Parse<MessageState>(words[2]), words[3..]), Max(words[3..])))),
        "consumers" => List(Get(words[1]).Consumers().Select(consumer => $"{consumer.Name}:{consumer.InFlight}")),
        "counters" => Counters(Get(words[1]).Counters),
        _ when Enum.TryParse<MessageState>(words[0], out var state) => List(Get(words[1]).Browse(state).Select(Body)),
        _ => null,
    };

    private QueueSettings Settings() => new(
        (int)(Ms("maxDeliveries") ?? QueueSettings.Default.MaxDeliveries),
        Ms("visibility") ?? QueueSettings.Default.VisibilityMs,
        Ms("maxLength"),
        Ms("maxBytes"),
        Enum.Parse<QueueOverflow>(Option("overflow") ?? nameof(QueueOverflow.Reject)),
        Ms("dedup") ?? QueueSettings.Default.DedupWindowMs);

    private MessageQueue Get(string queue) => State.Queues.Get(queue) ?? throw new ArgumentException($"there is no queue {queue}");

    /// <summary><c>body:priority+delay#dedupId</c>.</summary>
    private static NewMessage Message(string text)
    {
        var (rest, id) = Cut(text, '#');
        (rest, var delay) = Cut(rest, '+');
        var (body, priority) = Cut(rest, ':');
        return new NewMessage(Encoding.UTF8.GetBytes(body), (byte)Number(priority ?? "0"), Number(delay ?? "0"), id, []);
    }

    private static (string Before, string? After) Cut(string text, char at) =>
        text.IndexOf(at) is >= 0 and var position ? (text[..position], text[(position + 1)..]) : (text, null);

    private string Enqueue(string queue, IReadOnlyList<NewMessage> messages) => Apply(new QueueEnqueue(queue, messages)) switch
    {
        QueueResult.Enqueued enqueued when enqueued.Messages.Any(message => message.Duplicate) =>
            $"{enqueued.Messages.Count(message => message.Duplicate)} duplicate",
        QueueResult.Enqueued => "ok",
        var result => result.GetType().Name,
    };

    private string Settled(string[] words, Func<IReadOnlyList<Receipt>, QueueCommand> command)
    {
        var named = words[3..].ToDictionary(body => _receipts[(words[2], body)]);
        var result = Apply(command([.. named.Keys]));
        var stale = (result as QueueResult.Settled)?.Stale ?? (result as QueueResult.Extended)?.Stale;
        return stale is null ? result.GetType().Name : stale.Count == 0 ? "ok" : $"stale {List(stale.Select(receipt => named[receipt]))}";
    }

    private string Shown(string consumer, CommandResult result)
    {
        switch (result)
        {
            case QueueResult.Delivered delivered:
                foreach (var message in delivered.Messages)
                {
                    _receipts[(consumer, Encoding.UTF8.GetString(message.Body.Span))] = message.Receipt;
                }

                return List(delivered.Messages.Select(Body));
            case QueueResult.Waiting:
                return "waits";
            case QueueResult.Purged purged:
                return $"{purged.Count}, {purged.Remaining} left";
            case QueueResult.Moved moved:
                return $"{moved.Count}, {moved.Remaining} left";
            case QueueResult.Deleted deleted:
                return $"{deleted.Messages}";
            default:
                return result.GetType().Name;
        }
    }

    private static string Body(QueueMessage message) =>
        Encoding.UTF8.GetString(message.Body.Span) + (message.Deliveries > 1 ? $"({message.Deliveries})" : "");

    private IReadOnlyList<long>? Ids(string queue, MessageState state, string[] words) => words.Length == 0 || IsNumber(words[0])
        ? null
        : [.. words.Select(word => Get(queue).Browse(state).First(message => Encoding.UTF8.GetString(message.Body.Span) == word).Id)];

    private static int? Max(string[] words) => words is [var count, ..] && IsNumber(count) ? (int)Number(count) : null;

    private static string Counters(QueueCounters counters) => List(
        new (string Name, long Count)[]
        {
            ("enqueued", counters.Enqueued), ("delivered", counters.Delivered), ("acked", counters.Acked), ("redelivered", counters.Redelivered),
            ("dead", counters.DeadLettered), ("purged", counters.Purged), ("dropped", counters.Dropped), ("duplicates", counters.Duplicates),
        }.Where(each => each.Count > 0).Select(each => $"{each.Name}={each.Count}"));
}
