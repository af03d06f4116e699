using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.Replication.Regions.Exchange;

public sealed partial class Outbox
{
    internal FrozenOutbox Freeze() => new(_lastId, LastNumber, Counters, Session, _items.Freeze());

    internal void RestoreSettings(ref ByteReader reader)
    {
        _lastId = reader.VarInt();
        LastNumber = reader.VarInt();
        Counters = new OutboxCounters(reader.VarInt(), reader.VarInt(), reader.VarInt());
        Session = new OutboxSession(reader.VarInt(), reader.String(), reader.VarInt(), new HlcTimestamp(reader.VarInt()));
    }

    internal void Restore(OutboxItem item) => Add(item);
}

/// <summary>An outbox as it was after one entry.</summary>
internal sealed record FrozenOutbox(
    long LastId, long LastNumber, OutboxCounters Counters, OutboxSession Session, CowTree<long, OutboxItem>.Frozen Items)
{
    public bool IsUnused => LastId == 0 && Session.Number == 0;

    public void WriteSettings(ByteWriter writer)
    {
        writer.VarInt(LastId);
        writer.VarInt(LastNumber);
        writer.VarInt(Counters.Enqueued);
        writer.VarInt(Counters.Acknowledged);
        writer.VarInt(Counters.Refused);
        writer.VarInt(Session.Number);
        writer.String(Session.Agent);
        writer.VarInt(Session.LeaseMs);
        writer.VarInt(Session.Until.Value);
    }

    public static void Write(ByteWriter writer, OutboxItem item)
    {
        writer.VarInt(item.Id);
        writer.Byte((byte)item.State);
        writer.VarInt(item.Attempts);
        writer.VarInt(item.EnqueuedAt.Value);
        writer.OptionalInt64(item.NextRetry?.Value);
        writer.OptionalString(item.Error);
        ChangeCodec.Write(writer, item.Change);
    }

    /// <exception cref="FormatException">The item is damaged, or lacks what its state needs.</exception>
    public static OutboxItem ReadItem(ref ByteReader reader)
    {
        var id = reader.VarInt();
        var state = (OutboxState)reader.Byte();
        var (attempts, at) = ((int)reader.VarInt(), new HlcTimestamp(reader.VarInt()));
        HlcTimestamp? retry = reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null;
        var error = reader.OptionalString();
        var item = new OutboxItem(id, ChangeCodec.ReadChange(ref reader), state, attempts, at, retry, error);
        return state is >= OutboxState.Pending and <= OutboxState.Parked && (state == OutboxState.Retrying) == (retry is not null)
            ? item
            : throw new FormatException($"item {id} of an outbox in state {state} does not say when it is tried again, or says it");
    }
}
