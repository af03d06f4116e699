using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>The bytes of the commands about changes on their way. Tags are part of the log's format: never reuse one.</summary>
internal static class ExchangeCommandCodec
{
    public const byte FirstTag = BeginTag;
    public const byte LastTag = 189;

    private const byte BeginTag = 170;
    private const byte RetryTag = 171;
    private const byte RenewTag = 172;
    private const byte ResumeTag = 173;
    private const byte TakeTag = 174;
    private const byte AckTag = 175;
    private const byte OfferTag = 176;
    private const byte HelloTag = 180;
    private const byte RecordTag = 181;
    private const byte CoordinatorAckTag = 182;
    private const byte ApplyTag = 185;
    private const byte MergeTag = 186;
    private const byte MergedTag = 187;

    public static void Write(ByteWriter writer, ExchangeCommand command)
    {
        switch (command)
        {
            case OutboxBegin begin:
                writer.Byte(BeginTag);
                writer.String(begin.Agent);
                writer.VarInt(begin.LeaseMs);
                break;
            case OutboxRetry retry:
                writer.Byte(RetryTag);
                writer.OptionalInt64(retry.Id);
                writer.VarInt(retry.Max);
                break;
            case OutboxRenew renew:
                writer.Byte(RenewTag);
                writer.VarInt(renew.Session);
                break;
            case OutboxResume resume:
                writer.Byte(ResumeTag);
                writer.VarInt(resume.Session);
                writer.VarInt(resume.Received);
                Write(writer, resume.Refusals);
                writer.VarInt(resume.DelayMs);
                break;
            case OutboxTake take:
                writer.Byte(TakeTag);
                writer.VarInt(take.Session);
                writer.VarInt(take.Max);
                writer.VarInt(take.MaxBytes);
                break;
            case OutboxAck ack:
                writer.Byte(AckTag);
                writer.VarInt(ack.Session);
                writer.VarInt(ack.UpTo);
                Write(writer, ack.Refusals);
                break;
            case OutboxOffer offer:
                writer.Byte(OfferTag);
                writer.VarInt(offer.Session);
                break;
            case CoordinatorHello hello:
                writer.Byte(HelloTag);
                writer.String(hello.Region);
                writer.VarInt(hello.Session);
                writer.VarInt(hello.Settled);
                break;
            case CoordinatorRecord record:
                writer.Byte(RecordTag);
                writer.String(record.Region);
                writer.VarInt(record.Session);
                writer.VarInt(record.Settled);
                ExchangeCodec.Write(writer, record.Changes);
                break;
            case CoordinatorAck ack:
                writer.Byte(CoordinatorAckTag);
                writer.String(ack.Region);
                ExchangeCodec.Write(writer, ack.Positions);
                break;
            case InboxApply apply:
                writer.Byte(ApplyTag);
                writer.String(apply.Origin);
                writer.VarInt(apply.After);
                writer.VarInt(apply.UpTo);
                ExchangeCodec.Write(writer, apply.Changes);
                break;
            case InboxMerge merge:
                writer.Byte(MergeTag);
                ExchangeCodec.Write(writer, merge.Changes);
                break;
            case InboxMerged merged:
                writer.Byte(MergedTag);
                ExchangeCodec.Write(writer, merged.Positions);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static ExchangeCommand Read(byte tag, ref ByteReader reader) => tag switch
    {
        BeginTag => new OutboxBegin(reader.String(), reader.VarInt()),
        RetryTag => new OutboxRetry(reader.OptionalInt64(), (int)reader.VarInt()),
        RenewTag => new OutboxRenew(reader.VarInt()),
        ResumeTag => new OutboxResume(reader.VarInt(), reader.VarInt(), ReadRefused(ref reader), reader.VarInt()),
        TakeTag => new OutboxTake(reader.VarInt(), (int)reader.VarInt(), reader.VarInt()),
        AckTag => new OutboxAck(reader.VarInt(), reader.VarInt(), ReadRefused(ref reader)),
        OfferTag => new OutboxOffer(reader.VarInt()),
        HelloTag => new CoordinatorHello(reader.String(), reader.VarInt(), reader.VarInt()),
        RecordTag => new CoordinatorRecord(reader.String(), reader.VarInt(), reader.VarInt(), ExchangeCodec.ReadChanges(ref reader)),
        CoordinatorAckTag => new CoordinatorAck(reader.String(), ExchangeCodec.ReadPositions(ref reader)),
        ApplyTag => new InboxApply(reader.String(), reader.VarInt(), reader.VarInt(), ExchangeCodec.ReadChanges(ref reader)),
        MergeTag => new InboxMerge(ExchangeCodec.ReadChanges(ref reader)),
        MergedTag => new InboxMerged(ExchangeCodec.ReadPositions(ref reader)),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };

    private static void Write(ByteWriter writer, IReadOnlyList<RefusedChange> refusals)
    {
        writer.VarInt(refusals.Count);
        foreach (var (refusal, delayMs) in refusals)
        {
            ExchangeCodec.Write(writer, refusal);
            writer.VarInt(delayMs);
        }
    }

    private static RefusedChange[] ReadRefused(ref ByteReader reader)
    {
        var refusals = new RefusedChange[reader.Count()];
        for (var i = 0; i < refusals.Length; i++)
        {
            refusals[i] = new RefusedChange(ExchangeCodec.ReadRefusal(ref reader), reader.VarInt());
        }

        return refusals;
    }
}
