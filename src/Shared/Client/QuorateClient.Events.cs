using System.Globalization;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Events;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>Publishes an event.</summary>
    /// <param name="scope">One of <see cref="EventScopes"/>; null: the whole cluster.</param>
    public Task<PublishEventResponse> PublishEventAsync(
        string topic, JsonElement payload, string? scope = null, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<PublishEventResponse>(Request(HttpMethod.Post, Routes.EventsOf(topic), new PublishEventRequest(payload, scope), reason), cancellation);

    /// <summary>Events that are kept, oldest first.</summary>
    /// <param name="pattern">Of topics; null: all.</param>
    /// <param name="after">Only events with a higher id.</param>
    public Task<Page<BusEventView>> ListEventsAsync(
        string? pattern = null, long? after = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<BusEventView>>(
            WithQuery(Routes.Events, ("pattern", pattern), ("after", after?.ToString(CultureInfo.InvariantCulture)), ("limit", limit?.ToString()), ("cursor", cursor)),
            cancellation);

    public Task<EventStatistics> GetEventStatisticsAsync(CancellationToken cancellation = default) =>
        GetAsync<EventStatistics>(Routes.EventStatistics, cancellation);

    public Task<EventRoutingView> GetEventRoutingAsync(CancellationToken cancellation = default) =>
        GetAsync<EventRoutingView>(Routes.EventRouting, cancellation);

    /// <summary>Replaces the routing rules.</summary>
    /// <param name="ifVersion">Only when they still have this version; null: in any case.</param>
    /// <exception cref="QuorateException"><c>revision_mismatch</c>.</exception>
    public Task<EventRoutingView> PutEventRoutingAsync(
        IReadOnlyList<EventRule> rules, long? ifVersion = null, string? reason = null, CancellationToken cancellation = default)
    {
        var request = Request(HttpMethod.Put, Routes.EventRouting, new RouteEventsRequest(rules), reason);
        AddIfMatch(request, ifVersion);
        return SendAsync<EventRoutingView>(request, cancellation);
    }
}
