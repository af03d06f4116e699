using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>Changes on their way as records of a snapshot. A cluster that is no region has none.</summary>
internal static class ExchangeRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenExchange exchange)
    {
        var (outbox, inbox, coordinator) = exchange;
        if (!outbox.IsUnused)
        {
            yield return (SnapshotTags.Outbox, outbox.WriteSettings);
        }

        foreach (var (_, item) in outbox.Items.All())
        {
            yield return (SnapshotTags.OutboxItem, writer => FrozenOutbox.Write(writer, item));
        }

        foreach (var (_, origin) in inbox.All())
        {
            yield return (SnapshotTags.InboxOrigin, writer => Inbox.Write(writer, origin));
        }

        foreach (var record in coordinator.Origins.SelectMany(Of))
        {
            yield return record;
        }

        foreach (var ((region, origin), number) in coordinator.Acknowledged.All())
        {
            yield return (SnapshotTags.OriginAcknowledged, writer =>
            {
                writer.String(region);
                writer.String(origin);
                writer.VarInt(number);
            });
        }
    }

    public static void Restore(byte tag, ref ByteReader reader, ClusterState state)
    {
        switch (tag)
        {
            case SnapshotTags.Outbox:
                state.Outbox.RestoreSettings(ref reader);
                break;
            case SnapshotTags.OutboxItem:
                state.Outbox.Restore(FrozenOutbox.ReadItem(ref reader));
                break;
            case SnapshotTags.InboxOrigin:
                state.Inbox.Restore(Inbox.Read(ref reader));
                break;
            case SnapshotTags.OriginLog:
                state.Coordinator.RestoreOrigin(ref reader);
                break;
            case SnapshotTags.OriginChange:
                var total = reader.VarInt();
                state.Coordinator.Restore(new LoggedChange(ChangeCodec.ReadChange(ref reader), total));
                break;
            case SnapshotTags.OriginRefusal:
                state.Coordinator.Restore(reader.String(), ExchangeCodec.ReadRefusal(ref reader));
                break;
            default:
                state.Coordinator.Restore(reader.String(), reader.String(), reader.VarInt());
                break;
        }
    }

    private static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenOrigin origin)
    {
        yield return (SnapshotTags.OriginLog, writer =>
        {
            writer.String(origin.Origin);
            writer.VarInt(origin.Session);
            writer.VarInt(origin.Received);
            writer.VarInt(origin.Pruned);
            writer.VarInt(origin.Total);
            writer.VarInt(origin.Duplicates);
            writer.VarInt(origin.Refused);
        });
        foreach (var (_, logged) in origin.Changes.All())
        {
            yield return (SnapshotTags.OriginChange, writer =>
            {
                writer.VarInt(logged.Total);
                ChangeCodec.Write(writer, logged.Change);
            });
        }

        foreach (var (_, refusal) in origin.Refusals.All())
        {
            yield return (SnapshotTags.OriginRefusal, writer =>
            {
                writer.String(origin.Origin);
                ExchangeCodec.Write(writer, refusal);
            });
        }
    }
}

/// <summary>Changes on their way as they were after one entry.</summary>
internal sealed record FrozenExchange(FrozenOutbox Outbox, CowTree<string, InboxOrigin>.Frozen Inbox, FrozenCoordinator Coordinator);
