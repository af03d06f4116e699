using System.Globalization;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the bodies of queue requests and turns them into commands.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class QueueRequests
{
    public const long MaxDelayMs = 2_592_000_000;

    /// <summary>Messages, receipts or ids of one request.</summary>
    public const int MaxItems = 1000;

    private const long MaxVisibilityMs = 86_400_000;
    private const long MaxWaitMs = 600_000;
    private const long MaxDedupWindowMs = 604_800_000;
    private const string Anonymous = "anonymous";
    private const string VisibilityField = "visibilityMs";

    /// <summary>As other queues spell <see cref="QueueOverflows.DropOldest"/>; answers keep to ours.</summary>
    private const string DropOldestHyphenated = "drop-oldest";

    public static QueueSettings ToSettings(QueueConfiguration configuration)
    {
        var standard = QueueSettings.Default;
        return new QueueSettings(
            (int)(InRange("maxDeliveries", configuration.MaxDeliveries, 1, 1_000_000) ?? standard.MaxDeliveries),
            Durations.Require(VisibilityField, configuration.VisibilityMs, 1, MaxVisibilityMs) ?? standard.VisibilityMs,
            InRange("maxLength", configuration.MaxLength, 1, 100_000_000),
            InRange("maxBytes", configuration.MaxBytes, 1, 1_099_511_627_776),
            ToOverflow(configuration.Overflow),
            Durations.Require("dedupWindowMs", configuration.DedupWindowMs, 0, MaxDedupWindowMs) ?? standard.DedupWindowMs);
    }

    public static QueueDequeue ToCommand(string name, DequeueRequest request) =>
        ToCommand(name, request.Consumer, request.Max, request.VisibilityMs, request.WaitMs, member => member);

    /// <param name="field">Where a member stands in the body, for messages.</param>
    public static QueueDequeue ToCommand(string name, string? consumer, long? max, long? visibilityMs, long? waitMs, Func<string, string> field) => new(
        name,
        consumer is null ? Anonymous : Names.Require(field("consumer"), consumer),
        (int)(InRange(field("max"), max, 1, MaxItems) ?? 1),
        Durations.Require(field(VisibilityField), visibilityMs, 1, MaxVisibilityMs),
        Durations.Require(field("waitMs"), waitMs, 0, MaxWaitMs) ?? 0);

    public static QueueNack ToCommand(string name, NackRequest request) => new(
        name, ToReceipts(request.Receipts), Durations.Require("delayMs", request.DelayMs, 0, MaxDelayMs) ?? 0);

    public static QueueExtend ToCommand(string name, ExtendRequest request) => new(
        name, ToReceipts(request.Receipts), Durations.Require(VisibilityField, request.VisibilityMs, 1, MaxVisibilityMs));

    public static QueuePurge ToCommand(string name, PurgeRequest request) => new(name, ToState("state", request.State), ToMax(request.Max));

    public static QueueRedrive ToCommand(string name, RedriveRequest request) => new(name, ToIds(request.Ids), ToMax(request.Max));

    public static QueueRequeue ToCommand(string name, RequeueRequest request) => new(
        name,
        ToState("state", request.State) switch
        {
            MessageState.Delayed => MessageState.Delayed,
            MessageState.InFlight => MessageState.InFlight,
            _ => throw new InvalidArgumentException("state", "'state' must be delayed or inflight; dead messages are redriven."),
        },
        ToIds(request.Ids),
        ToMax(request.Max));

    public static List<Receipt> ToReceipts(IReadOnlyList<string?>? receipts, string field = "receipts")
    {
        RequireCount(field, receipts?.Count);
        var parsed = new List<Receipt>(receipts!.Count);
        for (var i = 0; i < receipts.Count; i++)
        {
            parsed.Add(ToReceipt(receipts[i], field, i));
        }

        return parsed;
    }

    public static string Text(Receipt receipt) => string.Create(CultureInfo.InvariantCulture, $"{receipt.Message}-{receipt.Delivery}");

    public static MessageState ToState(string field, string? text) => text switch
    {
        MessageStates.Ready => MessageState.Ready,
        MessageStates.Delayed => MessageState.Delayed,
        MessageStates.InFlight => MessageState.InFlight,
        MessageStates.Dead => MessageState.Dead,
        _ => throw new InvalidArgumentException(field, $"'{field}' must be {string.Join(", ", MessageStates.All)}."),
    };

    private static Receipt ToReceipt(string? text, string field, int number)
    {
        var dash = text?.IndexOf('-') ?? throw new InvalidArgumentException($"{field}[{number}]", $"'{field}[{number}]' must be a text.");
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var message)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var delivery)
                ? new Receipt(message, delivery)
                : throw new InvalidArgumentException($"{field}[{number}]", $"'{field}[{number}]' is no receipt: use those that dequeue answered.");
    }

    private static IReadOnlyList<long>? ToIds(IReadOnlyList<long>? ids)
    {
        if (ids is not null)
        {
            RequireCount("ids", ids.Count);
        }

        return ids;
    }

    private static void RequireCount(string field, int? count)
    {
        if (count is null or < 1 or > MaxItems)
        {
            throw new InvalidArgumentException(field, $"'{field}' must have 1 to {MaxItems} items.");
        }
    }

    private static int? ToMax(int? max) => (int?)InRange("max", max, 1, MessageQueue.MaxMoved);

    private static QueueOverflow ToOverflow(string? text) => text switch
    {
        null or QueueOverflows.Reject => QueueOverflow.Reject,
        QueueOverflows.DropOldest or DropOldestHyphenated => QueueOverflow.DropOldest,
        _ => throw new InvalidArgumentException("overflow", "'overflow' must be reject or dropOldest."),
    };

    private static long? InRange(string field, long? value, long min, long max) => value < min || value > max
        ? throw new InvalidArgumentException(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' must be {min:N0} to {max:N0}, but is {value:N0}."))
        : value;
}
