using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>The bytes of the results about changes on their way. Tags are part of the format: never reuse one.</summary>
internal static class ExchangeResultCodec
{
    public const byte FirstTag = 170;
    public const byte LastTag = 189;

    public static void Write(ByteWriter writer, ExchangeResult result)
    {
        switch (result)
        {
            case ExchangeResult.OutboxStanding standing:
                writer.Byte(170);
                writer.VarInt(standing.Session);
                writer.VarInt(standing.LastNumber);
                writer.VarInt(standing.Settled);
                break;
            case ExchangeResult.OutboxTaken taken:
                writer.Byte(171);
                ExchangeCodec.Write(writer, taken.Changes);
                writer.VarInt(taken.Settled);
                break;
            case ExchangeResult.OutboxReturned returned:
                writer.Byte(172);
                writer.VarInt(returned.Count);
                break;
            case ExchangeResult.AgentElsewhere elsewhere:
                writer.Byte(173);
                Write(writer, elsewhere.Session);
                break;
            case ExchangeResult.SessionEnded ended:
                writer.Byte(174);
                Write(writer, ended.Session);
                break;
            case ExchangeResult.CoordinatorStanding standing:
                writer.Byte(180);
                writer.VarInt(standing.Received);
                ExchangeCodec.Write(writer, standing.Refusals);
                break;
            case ExchangeResult.CoordinatorRefused refused:
                writer.Byte(181);
                writer.String(refused.Code);
                writer.String(refused.Detail);
                break;
            case ExchangeResult.CoordinatorAcknowledged:
                writer.Byte(182);
                break;
            case ExchangeResult.InboxApplied applied:
                writer.Byte(185);
                writer.VarInt(applied.Position);
                break;
            case ExchangeResult.InboxGap gap:
                writer.Byte(186);
                writer.VarInt(gap.Position);
                break;
            case ExchangeResult.RegionUnknown unknown:
                writer.Byte(187);
                writer.String(unknown.Region);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static ExchangeResult Read(byte tag, ref ByteReader reader) => tag switch
    {
        170 => new ExchangeResult.OutboxStanding(reader.VarInt(), reader.VarInt(), reader.VarInt()),
        171 => new ExchangeResult.OutboxTaken(ExchangeCodec.ReadChanges(ref reader), reader.VarInt()),
        172 => new ExchangeResult.OutboxReturned((int)reader.VarInt()),
        173 => new ExchangeResult.AgentElsewhere(ReadSession(ref reader)),
        174 => new ExchangeResult.SessionEnded(ReadSession(ref reader)),
        180 => new ExchangeResult.CoordinatorStanding(reader.VarInt(), ExchangeCodec.ReadRefusals(ref reader)),
        181 => new ExchangeResult.CoordinatorRefused(reader.String(), reader.String()),
        182 => new ExchangeResult.CoordinatorAcknowledged(),
        185 => new ExchangeResult.InboxApplied(reader.VarInt()),
        186 => new ExchangeResult.InboxGap(reader.VarInt()),
        187 => new ExchangeResult.RegionUnknown(reader.String()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };

    private static void Write(ByteWriter writer, OutboxSession session)
    {
        writer.VarInt(session.Number);
        writer.String(session.Agent);
        writer.VarInt(session.LeaseMs);
        writer.VarInt(session.Until.Value);
    }

    private static OutboxSession ReadSession(ref ByteReader reader) =>
        new(reader.VarInt(), reader.String(), reader.VarInt(), new HlcTimestamp(reader.VarInt()));
}
