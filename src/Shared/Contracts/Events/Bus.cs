using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.Events;

/// <summary>An event that somebody published.</summary>
/// <param name="Id">Counted over all events of the cluster, from 1; null for an event of local scope.</param>
/// <param name="Scope">One of <see cref="EventScopes"/>.</param>
/// <param name="From">The topic it was published under, when a rule forwarded it.</param>
/// <param name="Reason">Why, as the publisher said in X-Reason.</param>
public sealed record BusEventView(
    long? Id, string Topic, string Scope, DateTimeOffset At, JsonElement Payload, string? From = null, string? Reason = null);

/// <summary>How far an event goes.</summary>
public static class EventScopes
{
    /// <summary>To listeners at every gateway, kept for those who come later.</summary>
    public const string Cluster = "cluster";

    /// <summary>To those who listen at this gateway now; nothing of it is kept.</summary>
    public const string Local = "local";
}

/// <param name="Payload">Any JSON value.</param>
/// <param name="Scope">One of <see cref="EventScopes"/>; <c>cluster</c> by default.</param>
public sealed record PublishEventRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Payload = default, string? Scope = null);

/// <param name="Id">The event's number; null when it is local or a rule dropped it.</param>
/// <param name="Dropped">Whether a rule kept it from those who listen to its topic.</param>
/// <param name="Forwarded">Copies under other topics that rules made.</param>
public sealed record PublishEventResponse(string Topic, string Scope, long? Id, bool Dropped, int Forwarded);

/// <summary>What happens to events by their topic: rules are asked in order. What was forwarded is not routed again.</summary>
/// <param name="Version">Of the rules; 0 when there never were any. Send it as If-Match to replace just these.</param>
/// <param name="Rules">At most 100.</param>
public sealed record EventRoutingView(long Version, IReadOnlyList<EventRule> Rules);

public sealed record RouteEventsRequest(IReadOnlyList<EventRule>? Rules);

/// <param name="Pattern">Of topics: <c>*</c> is one segment, <c>#</c> or <c>**</c> at the end the rest.</param>
/// <param name="Action">One of <see cref="EventRuleActions"/>.</param>
/// <param name="Target">Of a forward: the other topic.</param>
public sealed record EventRule(string Pattern, string Action, string? Target = null);

public static class EventRuleActions
{
    /// <summary>Publish it under another topic as well.</summary>
    public const string Forward = "forward";

    /// <summary>Keep it from everybody; later rules are not asked.</summary>
    public const string Drop = "drop";
}

/// <summary>What went over the bus.</summary>
/// <param name="Published">Events of cluster scope, since the cluster began.</param>
/// <param name="Forwarded">Copies that rules made.</param>
/// <param name="Dropped">Events that rules dropped.</param>
/// <param name="PerSecond">Events of cluster scope per second over the last minute, as far as they are kept.</param>
/// <param name="Kept">Events that can be replayed.</param>
/// <param name="KeptBytes">What they count against their bound of 16 MiB.</param>
/// <param name="FirstId">The oldest of them; null when there is none.</param>
/// <param name="LastId">The newest event's number; 0 before the first.</param>
/// <param name="LocalPublished">Events of local scope at this gateway since it started.</param>
/// <param name="Delivered">Events handed to subscribers of this gateway since it started.</param>
/// <param name="Subscribers">Subscriptions at this gateway now.</param>
/// <param name="Topics">The 100 topics with the most events of cluster scope.</param>
public sealed record EventStatistics(
    long Published,
    long Forwarded,
    long Dropped,
    double PerSecond,
    int Kept,
    long KeptBytes,
    long? FirstId,
    long LastId,
    long LocalPublished,
    long Delivered,
    int Subscribers,
    IReadOnlyList<EventTopicCount> Topics);

public sealed record EventTopicCount(string Topic, long Published, DateTimeOffset LastAt);
