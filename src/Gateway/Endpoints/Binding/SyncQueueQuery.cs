using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which changes of an outbox are looked at; null members stand for all.</summary>
internal sealed record SyncQueueQuery(OutboxState? State, int? Priority) : IBindable<SyncQueueQuery>
{
    private const string StateField = "state";
    private const string PriorityField = "priority";

    /// <exception cref="InvalidArgumentException">There is no such state or priority.</exception>
    public static ValueTask<SyncQueueQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        return ValueTask.FromResult<SyncQueueQuery?>(new SyncQueueQuery(ReadState(query[StateField].ToString()), ReadPriority(query[PriorityField].ToString())));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(StateField, ParameterLocation.Query, $"One of {string.Join(", ", SyncQueueStates.All)}; default all.");
        yield return new ParameterDoc(PriorityField, ParameterLocation.Query, "0 (deletions) to 3 (collections); default all.")
        {
            Type = JsonSchemaType.Integer,
            Minimum = 0,
            Maximum = ChangeEvent.Priorities - 1,
        };
    }

    private static OutboxState? ReadState(string text) => text switch
    {
        "" => null,
        SyncQueueStates.Pending => OutboxState.Pending,
        SyncQueueStates.InFlight => OutboxState.InFlight,
        SyncQueueStates.Retrying => OutboxState.Retrying,
        SyncQueueStates.Parked => OutboxState.Parked,
        _ => throw new InvalidArgumentException(StateField, $"'state' must be one of {string.Join(", ", SyncQueueStates.All)}, but is '{text}'."),
    };

    private static int? ReadPriority(string text) => text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority < ChangeEvent.Priorities ? priority
        : throw new InvalidArgumentException(PriorityField, $"'priority' must be 0 to {ChangeEvent.Priorities - 1}, but is '{text}'.");
}
