using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Events;

/// <summary>Events and routing rules as they stand in snapshots and commands.</summary>
internal static class EventCodec
{
    public static void Write(ByteWriter writer, BusEvent item)
    {
        writer.VarInt(item.Sequence);
        writer.VarInt(item.Index);
        writer.VarInt(item.At.Value);
        writer.String(item.Topic);
        writer.OptionalString(item.From);
        writer.Bytes(item.Payload.Span);
        writer.OptionalString(item.Reason);
    }

    public static BusEvent ReadEvent(ref ByteReader reader) => new(
        reader.VarInt(),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        reader.String(),
        reader.OptionalString(),
        reader.Bytes().ToArray(),
        reader.OptionalString());

    public static void Write(ByteWriter writer, TopicCount topic)
    {
        writer.String(topic.Topic);
        writer.VarInt(topic.Published);
        writer.VarInt(topic.LastSequence);
        writer.VarInt(topic.LastAt.Value);
    }

    public static TopicCount ReadTopic(ref ByteReader reader) =>
        new(reader.String(), reader.VarInt(), reader.VarInt(), new HlcTimestamp(reader.VarInt()));

    public static void Write(ByteWriter writer, EventRouting routing, EventCounters counters, long lastSequence)
    {
        writer.VarInt(routing.Version);
        WriteRules(writer, routing.Rules);
        writer.VarInt(counters.Published);
        writer.VarInt(counters.Forwarded);
        writer.VarInt(counters.Dropped);
        writer.VarInt(lastSequence);
    }

    public static (EventRouting Routing, EventCounters Counters, long LastSequence) ReadSettings(ref ByteReader reader) => (
        new EventRouting(reader.VarInt(), ReadRules(ref reader)),
        new EventCounters(reader.VarInt(), reader.VarInt(), reader.VarInt()),
        reader.VarInt());

    public static void WriteRules(ByteWriter writer, IReadOnlyList<RoutingRule> rules)
    {
        writer.VarInt(rules.Count);
        foreach (var rule in rules)
        {
            writer.String(rule.Pattern);
            writer.Byte((byte)rule.Action);
            writer.OptionalString(rule.Target);
        }
    }

    public static RoutingRule[] ReadRules(ref ByteReader reader)
    {
        var rules = new RoutingRule[reader.Count()];
        for (var i = 0; i < rules.Length; i++)
        {
            rules[i] = new RoutingRule(reader.String(), ReadAction(ref reader), reader.OptionalString());
        }

        return rules;
    }

    private static RoutingAction ReadAction(ref ByteReader reader)
    {
        var action = (RoutingAction)reader.Byte();
        return action is RoutingAction.Forward or RoutingAction.Drop ? action : throw new FormatException($"{action} is no routing action");
    }
}
