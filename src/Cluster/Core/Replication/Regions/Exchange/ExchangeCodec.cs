using Quorate.Core.Codec;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>Lists that commands, results and messages have in common.</summary>
internal static class ExchangeCodec
{
    public static void Write(ByteWriter writer, IReadOnlyList<ChangeEvent> changes)
    {
        writer.VarInt(changes.Count);
        foreach (var change in changes)
        {
            ChangeCodec.Write(writer, change);
        }
    }

    public static ChangeEvent[] ReadChanges(ref ByteReader reader)
    {
        var changes = new ChangeEvent[reader.Count()];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = ChangeCodec.ReadChange(ref reader, i > 0 ? changes[i - 1] : null);
        }

        return changes;
    }

    public static void Write(ByteWriter writer, IReadOnlyList<OriginPosition> positions)
    {
        writer.VarInt(positions.Count);
        foreach (var (origin, number) in positions)
        {
            writer.String(origin);
            writer.VarInt(number);
        }
    }

    public static OriginPosition[] ReadPositions(ref ByteReader reader)
    {
        var positions = new OriginPosition[reader.Count()];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = new OriginPosition(reader.String(), reader.VarInt());
        }

        return positions;
    }

    public static void Write(ByteWriter writer, IReadOnlyList<Refusal> refusals)
    {
        writer.VarInt(refusals.Count);
        foreach (var refusal in refusals)
        {
            Write(writer, refusal);
        }
    }

    public static void Write(ByteWriter writer, Refusal refusal)
    {
        writer.VarInt(refusal.Number);
        writer.String(refusal.Code);
        writer.String(refusal.Detail);
    }

    public static Refusal[] ReadRefusals(ref ByteReader reader)
    {
        var refusals = new Refusal[reader.Count()];
        for (var i = 0; i < refusals.Length; i++)
        {
            refusals[i] = ReadRefusal(ref reader);
        }

        return refusals;
    }

    public static Refusal ReadRefusal(ref ByteReader reader) => new(reader.VarInt(), reader.String(), reader.String());
}
