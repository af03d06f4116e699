using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.Replication.Regions;

/// <summary>The bytes of the commands about regions. Tags are part of the log's format: never reuse one.</summary>
internal static class RegionCommandCodec
{
    public const byte FirstTag = ConfigureTag;
    public const byte LastTag = 169;

    private const byte ConfigureTag = 150;
    private const byte ResolveTag = 151;
    private const byte UndoTag = 152;
    private const byte ReleaseTag = 153;
    private const byte RefuseTag = 154;

    public static void Write(ByteWriter writer, RegionCommand command)
    {
        switch (command)
        {
            case RegionConfigure configure:
                writer.Byte(ConfigureTag);
                RegionCodec.Write(writer, configure.Settings);
                break;
            case ConflictResolve resolve:
                writer.Byte(ResolveTag);
                writer.String(resolve.Id);
                writer.Byte((byte)resolve.Choice);
                writer.OptionalString(resolve.Region);
                writer.Bool(resolve.Value is not null);
                if (resolve.Value is { } value)
                {
                    writer.Bytes(value.Span);
                }

                writer.OptionalString(resolve.Expected);
                break;
            case ConflictUndo undo:
                writer.Byte(UndoTag);
                writer.String(undo.Id);
                writer.Bool(undo.Force);
                break;
            case BrakeRelease release:
                writer.Byte(ReleaseTag);
                writer.String(release.Collection);
                writer.VarInt(release.Max);
                break;
            case BrakeRefuse refuse:
                writer.Byte(RefuseTag);
                writer.String(refuse.Collection);
                writer.VarInt(refuse.Max);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static RegionCommand Read(byte tag, ref ByteReader reader) => tag switch
    {
        ConfigureTag => new RegionConfigure(RegionCodec.ReadSettings(ref reader)),
        ResolveTag => new ConflictResolve(
            reader.String(),
            ReadChoice(ref reader),
            reader.OptionalString(),
            reader.Bool() ? reader.Bytes().ToArray() : (ReadOnlyMemory<byte>?)null,
            reader.OptionalString()),
        UndoTag => new ConflictUndo(reader.String(), reader.Bool()),
        ReleaseTag => new BrakeRelease(reader.String(), (int)reader.VarInt()),
        RefuseTag => new BrakeRefuse(reader.String(), (int)reader.VarInt()),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };

    private static ConflictChoice ReadChoice(ref ByteReader reader)
    {
        var choice = (ConflictChoice)reader.Byte();
        return choice is >= ConflictChoice.Latest and <= ConflictChoice.Value ? choice : throw new FormatException($"{choice} is no choice");
    }
}
