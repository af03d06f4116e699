using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.Replication;

/// <summary>The bytes of the commands about the log of changes. Tags are part of the log's format: never reuse one.</summary>
internal static class SyncCommandCodec
{
    public const byte FirstTag = ReportTag;
    public const byte LastTag = 139;

    private const byte ReportTag = 130;
    private const byte PinTag = 131;
    private const byte LeaveTag = 132;
    private const byte RetainTag = 133;
    private const byte ApplyTag = 134;
    private const byte ResetTag = 135;
    private const byte LoadTag = 136;
    private const byte ReadyTag = 137;

    public static void Write(ByteWriter writer, SyncCommand command)
    {
        switch (command)
        {
            case FollowerReport report:
                writer.Byte(ReportTag);
                writer.String(report.Id);
                writer.VarInt(report.Sequence);
                break;
            case FollowerPin pin:
                writer.Byte(PinTag);
                writer.String(pin.Id);
                break;
            case FollowerLeave leave:
                writer.Byte(LeaveTag);
                writer.String(leave.Id);
                break;
            case SyncRetain retain:
                writer.Byte(RetainTag);
                writer.VarInt(retain.MaxEntries);
                writer.VarInt(retain.MaxBytes);
                break;
            case ReplicaApply apply:
                writer.Byte(ApplyTag);
                SyncCodec.Write(writer, apply.Entries);
                break;
            case ReplicaReset:
                writer.Byte(ResetTag);
                break;
            case ReplicaLoad load:
                writer.Byte(LoadTag);
                SyncCodec.Write(writer, load.Entries);
                break;
            case ReplicaReady ready:
                writer.Byte(ReadyTag);
                writer.VarInt(ready.Sequence);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static SyncCommand Read(byte tag, ref ByteReader reader) => tag switch
    {
        ReportTag => new FollowerReport(reader.String(), reader.VarInt()),
        PinTag => new FollowerPin(reader.String()),
        LeaveTag => new FollowerLeave(reader.String()),
        RetainTag => new SyncRetain(reader.VarInt(), reader.VarInt()),
        ApplyTag => new ReplicaApply(SyncCodec.ReadAll(ref reader)),
        ResetTag => new ReplicaReset(),
        LoadTag => new ReplicaLoad(SyncCodec.ReadAll(ref reader)),
        ReadyTag => new ReplicaReady(reader.VarInt()),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };
}
