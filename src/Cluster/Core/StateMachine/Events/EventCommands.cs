namespace Quorate.Core.StateMachine.Events;

/// <summary>Publishes an event to everybody in the cluster who listens to its topic.</summary>
/// <param name="Payload">UTF-8 JSON; the table does not look inside.</param>
public sealed record EventPublish(string Topic, ReadOnlyMemory<byte> Payload) : Command;

/// <summary>Replaces the routing rules.</summary>
/// <param name="Expected">Only when the rules have this version; null: always.</param>
public sealed record EventRoute(IReadOnlyList<RoutingRule> Rules, long? Expected) : Command;

public enum RoutingAction : byte
{
    /// <summary>Publish it under another topic as well. What was forwarded is not routed again, so rules cannot go in circles.</summary>
    Forward = 1,

    /// <summary>Keep it from everybody; rules after this one are not asked.</summary>
    Drop = 2,
}

/// <param name="Target">Of a forward: the other topic.</param>
public sealed record RoutingRule(string Pattern, RoutingAction Action, string? Target);

/// <summary>The routing rules, asked in order.</summary>
/// <param name="Version">Log index of the last change; 0 when there never was one.</param>
public sealed record EventRouting(long Version, IReadOnlyList<RoutingRule> Rules)
{
    public const int MaxRules = 100;

    public static readonly EventRouting None = new(0, []);

    /// <summary>Under which topics an event is published: its own, unless a rule drops it, and those it is forwarded to.</summary>
    public IReadOnlyList<string> TargetsOf(string topic)
    {
        var targets = new List<string> { topic };
        foreach (var rule in Rules)
        {
            if (!TopicPattern.Matches(rule.Pattern, topic))
            {
                continue;
            }

            if (rule.Action == RoutingAction.Drop)
            {
                targets.Remove(topic);
                break;
            }

            if (rule.Target is { } target && !targets.Contains(target))
            {
                targets.Add(target);
            }
        }

        return targets;
    }
}
