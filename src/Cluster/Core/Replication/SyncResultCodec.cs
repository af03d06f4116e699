using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.Replication;

/// <summary>The bytes of the results about the log of changes. Tags are part of the format: never reuse one.</summary>
internal static class SyncResultCodec
{
    public const byte FirstTag = 130;
    public const byte LastTag = 139;

    public static void Write(ByteWriter writer, SyncResult result)
    {
        switch (result)
        {
            case SyncResult.Standing standing:
                writer.Byte(130);
                writer.VarInt(standing.Sequence);
                writer.VarInt(standing.First);
                writer.VarInt(standing.Last);
                break;
            case SyncResult.Ahead ahead:
                writer.Byte(131);
                writer.VarInt(ahead.Last);
                break;
            case SyncResult.FollowerNotFound:
                writer.Byte(132);
                break;
            case SyncResult.TooManyFollowers many:
                writer.Byte(133);
                writer.VarInt(many.Limit);
                break;
            case SyncResult.Retained:
                writer.Byte(134);
                break;
            case SyncResult.Applied applied:
                writer.Byte(135);
                writer.VarInt(applied.Position);
                break;
            case SyncResult.Gap gap:
                writer.Byte(136);
                writer.VarInt(gap.Position);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static SyncResult Read(byte tag, ref ByteReader reader) => tag switch
    {
        130 => new SyncResult.Standing(reader.VarInt(), reader.VarInt(), reader.VarInt()),
        131 => new SyncResult.Ahead(reader.VarInt()),
        132 => new SyncResult.FollowerNotFound(),
        133 => new SyncResult.TooManyFollowers((int)reader.VarInt()),
        134 => new SyncResult.Retained(),
        135 => new SyncResult.Applied(reader.VarInt()),
        136 => new SyncResult.Gap(reader.VarInt()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };
}
