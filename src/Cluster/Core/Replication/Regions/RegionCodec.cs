using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>Settings, conflicts and brakes as they stand in log and snapshots.</summary>
internal static class RegionCodec
{
    public static void Write(ByteWriter writer, RegionSettings settings)
    {
        writer.String(settings.Self);
        writer.VarInt(settings.Regions.Count);
        foreach (var region in settings.Regions)
        {
            writer.String(region);
        }

        writer.String(settings.Coordinator);
        writer.VarInt(settings.ClockBudgetMs);
        writer.VarInt(settings.MaxDocumentBytes);
        writer.Int64(BitConverter.DoubleToInt64Bits(settings.BrakeShare));
        writer.VarInt(settings.BrakeMinimum);
        writer.VarInt(settings.MaxOutbox);
        writer.VarInt(settings.MaxOutboxBytes);
        writer.VarInt(settings.KeepEvents);
        writer.VarInt(settings.KeepEventBytes);
    }

    public static RegionSettings ReadSettings(ref ByteReader reader) => new(
        reader.String(),
        ReadNames(ref reader),
        reader.String(),
        reader.VarInt(),
        (int)reader.VarInt(),
        BitConverter.Int64BitsToDouble(reader.Int64()),
        (int)reader.VarInt(),
        (int)reader.VarInt(),
        reader.VarInt(),
        (int)reader.VarInt(),
        reader.VarInt());

    public static string[] ReadNames(ref ByteReader reader)
    {
        var names = new string[reader.Count()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.String();
        }

        return names;
    }

    public static void Write(ByteWriter writer, Conflict conflict)
    {
        writer.String(conflict.Id);
        writer.String(conflict.Collection);
        writer.String(conflict.Key);
        writer.Byte((byte)conflict.Strategy);
        ChangeCodec.Write(writer, conflict.Live?.Versions ?? []);
        writer.VarInt(conflict.Settlements.Count);
        foreach (var (settlement, result) in conflict.Settlements)
        {
            ChangeCodec.Write(writer, settlement);
            ChangeCodec.Write(writer, result);
        }
    }

    public static Conflict ReadConflict(ref ByteReader reader)
    {
        var (id, collection, key, strategy) = (reader.String(), reader.String(), reader.String(), DocumentCodec.ReadStrategy(ref reader));
        var live = ChangeCodec.ReadVersions(ref reader);
        var settlements = new SettlementRecord[reader.Count()];
        for (var i = 0; i < settlements.Length; i++)
        {
            settlements[i] = new SettlementRecord(ChangeCodec.ReadSettlement(ref reader), ChangeCodec.ReadVersion(ref reader));
        }

        return live.Length == 0 && settlements.Length == 0
            ? throw new FormatException($"conflict {id} has neither versions nor settlements")
            : new Conflict(id, collection, key, strategy, live.Length == 0 ? null : VersionSet.Of(live), settlements);
    }

    public static void Write(ByteWriter writer, Brake brake)
    {
        writer.String(brake.Collection);
        writer.VarInt(brake.WindowAt.Value);
        writer.VarInt(brake.Documents);
        writer.VarInt(brake.Deleted);
        writer.OptionalInt64(brake.Since?.Value);
        writer.VarInt(brake.Held);
    }

    public static Brake ReadBrake(ref ByteReader reader) => new(
        reader.String(),
        new HlcTimestamp(reader.VarInt()),
        reader.VarInt(),
        reader.VarInt(),
        reader.OptionalInt64() is { } since ? new HlcTimestamp(since) : null,
        reader.VarInt());
}
