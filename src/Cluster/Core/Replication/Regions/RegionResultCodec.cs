using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>The bytes of the results about regions. Tags are part of the format: never reuse one.</summary>
internal static class RegionResultCodec
{
    public const byte FirstTag = 150;
    public const byte LastTag = 169;

    public static void Write(ByteWriter writer, RegionResult result)
    {
        switch (result)
        {
            case RegionResult.Configured:
                writer.Byte(150);
                break;
            case RegionResult.OtherRegion other:
                writer.Byte(151);
                writer.String(other.Self);
                break;
            case RegionResult.ConflictSettled settled:
                writer.Byte(152);
                writer.String(settled.Id);
                writer.Byte((byte)settled.Status);
                writer.OptionalString(settled.Rev);
                break;
            case RegionResult.ConflictNotFound:
                writer.Byte(153);
                break;
            case RegionResult.OtherConflict other:
                writer.Byte(154);
                writer.String(other.Id);
                break;
            case RegionResult.NoSuchVersion missing:
                writer.Byte(155);
                writer.VarInt(missing.Regions.Count);
                foreach (var region in missing.Regions)
                {
                    writer.String(region);
                }

                break;
            case RegionResult.DocumentMoved moved:
                writer.Byte(156);
                writer.Bool(moved.Current is not null);
                if (moved.Current is { } document)
                {
                    DocumentCodec.Write(writer, document);
                }

                break;
            case RegionResult.NothingToUndo:
                writer.Byte(157);
                break;
            case RegionResult.OutboxFull:
                writer.Byte(158);
                break;
            case RegionResult.BrakeMoved moved:
                writer.Byte(159);
                writer.VarInt(moved.Count);
                writer.VarInt(moved.Remaining);
                break;
            case RegionResult.BrakeNotPulled:
                writer.Byte(160);
                break;
            case RegionResult.ConflictOpen open:
                writer.Byte(161);
                writer.String(open.Id);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static RegionResult Read(byte tag, ref ByteReader reader) => tag switch
    {
        150 => new RegionResult.Configured(),
        151 => new RegionResult.OtherRegion(reader.String()),
        152 => new RegionResult.ConflictSettled(reader.String(), (ConflictStatus)reader.Byte(), reader.OptionalString()),
        153 => new RegionResult.ConflictNotFound(),
        154 => new RegionResult.OtherConflict(reader.String()),
        155 => new RegionResult.NoSuchVersion(RegionCodec.ReadNames(ref reader)),
        156 => new RegionResult.DocumentMoved(reader.Bool() ? DocumentCodec.Read(ref reader) : null),
        157 => new RegionResult.NothingToUndo(),
        158 => new RegionResult.OutboxFull(),
        159 => new RegionResult.BrakeMoved((int)reader.VarInt(), reader.VarInt()),
        160 => new RegionResult.BrakeNotPulled(),
        161 => new RegionResult.ConflictOpen(reader.String()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };
}
