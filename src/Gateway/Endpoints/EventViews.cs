using System.Diagnostics;
using System.Text.Json;
using Quorate.Contracts.Events;
using Quorate.Core.StateMachine.Events;
using Quorate.Gateway.Live;

namespace Quorate.Gateway.Endpoints;

/// <summary>The event bus in the words of the contract.</summary>
internal static class EventViews
{
    public static BusEventView Of(BusEvent item) => new(
        item.Sequence, item.Topic, EventScopes.Cluster, Views.Time(item.At), JsonElement.Parse(item.Payload.Span), item.From, item.Reason);

    public static BusEventView Of(LocalEvent item) => new(
        Id: null, item.Topic, EventScopes.Local, item.At, item.Payload, item.From, item.Reason);

    public static EventRoutingView Of(EventRouting routing) => new(routing.Version, [.. routing.Rules.Select(Of)]);

    public static EventTopicCount Of(TopicCount topic) => new(topic.Topic, topic.Published, Views.Time(topic.LastAt));

    private static EventRule Of(RoutingRule rule) => new(rule.Pattern, Action(rule.Action), rule.Target);

    private static string Action(RoutingAction action) => action switch
    {
        RoutingAction.Forward => EventRuleActions.Forward,
        RoutingAction.Drop => EventRuleActions.Drop,
        _ => throw new UnreachableException(action.ToString()),
    };
}
