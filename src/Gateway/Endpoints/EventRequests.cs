using System.Runtime.InteropServices;
using System.Text.Json;
using Quorate.Contracts.Events;
using Quorate.Core.StateMachine.Events;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks topics, patterns and bodies of the event bus.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class EventRequests
{
    /// <summary>What the cluster itself reports is told under this name, so nobody else publishes there.</summary>
    private const string Reserved = "system";

    public static string RequireTopic(string field, string topic)
    {
        if (!TopicPattern.IsTopic(topic))
        {
            throw new InvalidArgumentException(field, $"'{field}' must be segments with dots between, none of them empty, without * and #: order.created.eu.");
        }

        return topic == Reserved || topic.StartsWith(Reserved + TopicPattern.Separator, StringComparison.Ordinal)
            ? throw new InvalidArgumentException(field, $"'{field}' begins with '{Reserved}', which is the cluster's own.")
            : topic;
    }

    public static string RequirePattern(string field, string pattern) => TopicPattern.IsPattern(pattern)
        ? pattern
        : throw new InvalidArgumentException(
            field, $"'{field}' must be a pattern of topics: * stands for one segment, # or ** at the end for the rest: order.*.eu, order.#.");

    public static JsonElement RequirePayload(PublishEventRequest request) => request.Payload.ValueKind == JsonValueKind.Undefined
        ? throw new InvalidArgumentException("payload", "'payload' is required; it may be null.")
        : request.Payload;

    public static EventPublish ToCommand(string topic, PublishEventRequest request) =>
        new(topic, JsonBody.Checked(JsonMarshal.GetRawUtf8Value(RequirePayload(request)), "payload"));

    public static EventRoute ToCommand(RouteEventsRequest request, long? expected)
    {
        var rules = request.Rules ?? throw new InvalidArgumentException("rules", "'rules' is required; it may be empty.");
        return rules.Count <= EventRouting.MaxRules
            ? new EventRoute([.. rules.Select((rule, i) => ToRule($"rules[{i}]", rule))], expected)
            : throw new InvalidArgumentException("rules", $"There are at most {EventRouting.MaxRules} rules.");
    }

    private static RoutingRule ToRule(string at, EventRule? rule)
    {
        if (rule is null)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        var pattern = RequirePattern($"{at}.pattern", Names.Require($"{at}.pattern", rule.Pattern));
        return rule.Action switch
        {
            EventRuleActions.Forward => new RoutingRule(
                pattern, RoutingAction.Forward, RequireTopic($"{at}.target", Names.Require($"{at}.target", rule.Target))),
            EventRuleActions.Drop when rule.Target is null => new RoutingRule(pattern, RoutingAction.Drop, Target: null),
            EventRuleActions.Drop => throw new InvalidArgumentException($"{at}.target", $"'{at}.target' does not go with drop."),
            _ => throw new InvalidArgumentException($"{at}.action", $"'{at}.action' must be forward or drop."),
        };
    }
}
