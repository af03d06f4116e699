using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Contracts.Problems;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Live;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class EventEndpoints
{
    private const int ShownTopics = 100;
    private const int RateMs = 60_000;

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("").WithTags("Events");
        events.MapGet(Routes.Events, ListEvents).WithName("listEvents").AnswersToRead();
        events.MapPost(Routes.Events + "/{topic}", PublishEvent).WithName("publishEvent").AnswersToWrite();
        events.MapGet(Routes.EventStatistics, GetStatistics).WithName("getEventStatistics").AnswersToRead();
        events.MapGet(Routes.EventRouting, GetRouting).WithName("getEventRouting").AnswersToRead();
        events.MapPut(Routes.EventRouting, PutRouting).WithName("putEventRouting").AnswersToWrite(ErrorCodes.RevisionMismatch);
    }

    /// <summary>Lists the events that are kept, oldest first: a replay from any of them.</summary>
    private static async Task<Ok<Page<BusEventView>>> ListEvents(PageQuery page, EventQuery query, ClusterClient cluster, CancellationToken cancel)
    {
        var after = Math.Max(query.After, page.AfterNumber ?? 0);
        var items = await cluster.ReadAsync(
            state => state.Events.After(after).Where(item => TopicPattern.Matches(query.Pattern, item.Topic)).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, EventViews.Of, item => Cursor.Of(item.Sequence)));
    }

    /// <summary>Publishes an event: to everybody in the cluster, kept for a while, or to those who listen at this gateway now.</summary>
    private static async Task<Results<Ok<PublishEventResponse>, ProblemResult>> PublishEvent(
        SegmentName topic, PublishEventRequest request, WriteHeaders headers, ClusterClient cluster, EventBus bus, CancellationToken cancel)
    {
        var name = EventRequests.RequireTopic("topic", topic.Value);
        switch (request.Scope)
        {
            case null or EventScopes.Cluster:
                var result = await cluster.ExecuteAsync(EventRequests.ToCommand(name, request), headers.Options, cancel);
                return result is CommandResult.EventPublished published
                    ? TypedResults.Ok(new PublishEventResponse(
                        name, EventScopes.Cluster, published.Sequence, published.Sequence is null, published.Forwarded))
                    : ClusterProblems.Of(result);
            case EventScopes.Local:
                var targets = bus.PublishLocal(name, EventRequests.RequirePayload(request), headers.Options.Reason);
                var dropped = !targets.Contains(name);
                return TypedResults.Ok(new PublishEventResponse(name, EventScopes.Local, Id: null, dropped, targets.Count - (dropped ? 0 : 1)));
            default:
                throw new InvalidArgumentException("scope", $"'scope' must be {EventScopes.Cluster} or {EventScopes.Local}.");
        }
    }

    /// <summary>Counts what went over the bus, in the cluster and at this gateway.</summary>
    private static async Task<Ok<EventStatistics>> GetStatistics(ClusterClient cluster, EventBus bus, TimeProvider time, CancellationToken cancel)
    {
        var since = HlcTimestamp.FromUnixMs(time.GetUtcNow().ToUnixTimeMilliseconds() - RateMs);
        return TypedResults.Ok(await cluster.ReadAsync(
            state => new EventStatistics(
                state.Events.Counters.Published,
                state.Events.Counters.Forwarded,
                state.Events.Counters.Dropped,
                Math.Round(state.Events.CountSince(since) * 1000.0 / RateMs, 2),
                state.Events.Count,
                state.Events.Bytes,
                state.Events.Count == 0 ? null : state.Events.FirstSequence,
                state.Events.LastSequence,
                bus.Published,
                bus.Delivered,
                bus.Subscribers,
                [.. state.Events.Topics().OrderByDescending(topic => topic.Published).Take(ShownTopics).Select(EventViews.Of)]),
            cancel));
    }

    /// <summary>Shows the routing rules.</summary>
    private static async Task<Ok<EventRoutingView>> GetRouting(ClusterClient cluster, CancellationToken cancel) =>
        TypedResults.Ok(EventViews.Of(await cluster.ReadAsync(state => state.Events.Routing, cancel)));

    /// <summary>Replaces the routing rules, if need be only when they have an expected version.</summary>
    private static async Task<Results<Ok<EventRoutingView>, ProblemResult>> PutRouting(
        RouteEventsRequest request, Precondition precondition, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var command = EventRequests.ToCommand(request, precondition.Expected);
        var result = await cluster.ExecuteAsync(command, headers.Options, cancel);
        return result is CommandResult.EventRouted routed
            ? TypedResults.Ok(EventViews.Of(new EventRouting(routed.Version, command.Rules)))
            : ClusterProblems.Of(result);
    }
}
