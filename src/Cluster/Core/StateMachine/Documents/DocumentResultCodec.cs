using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>The bytes of the results about documents. Tags are part of the format: never reuse one.</summary>
internal static class DocumentResultCodec
{
    public const byte FirstTag = 120;
    public const byte LastTag = 129;

    public static void Write(ByteWriter writer, DocumentResult result)
    {
        switch (result)
        {
            case DocumentResult.CollectionReady ready:
                writer.Byte(120);
                writer.Bool(ready.Created);
                break;
            case DocumentResult.CollectionDiffers differs:
                writer.Byte(121);
                writer.Byte((byte)differs.Strategy);
                break;
            case DocumentResult.CollectionDropped dropped:
                writer.Byte(122);
                writer.VarInt(dropped.Documents);
                break;
            case DocumentResult.CollectionNotFound:
                writer.Byte(123);
                break;
            case DocumentResult.TooManyCollections many:
                writer.Byte(124);
                writer.VarInt(many.Limit);
                break;
            case DocumentResult.Written written:
                writer.Byte(125);
                writer.String(written.Rev);
                writer.VarInt(written.Sequence);
                writer.Bool(written.Created);
                break;
            case DocumentResult.Deleted deleted:
                writer.Byte(126);
                writer.String(deleted.Rev);
                writer.VarInt(deleted.Sequence);
                break;
            case DocumentResult.NotFound:
                writer.Byte(127);
                break;
            case DocumentResult.Conflict conflict:
                writer.Byte(128);
                writer.Bool(conflict.Current is not null);
                if (conflict.Current is { } current)
                {
                    DocumentCodec.Write(writer, current);
                }

                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static DocumentResult Read(byte tag, ref ByteReader reader) => tag switch
    {
        120 => new DocumentResult.CollectionReady(reader.Bool()),
        121 => new DocumentResult.CollectionDiffers(DocumentCodec.ReadStrategy(ref reader)),
        122 => new DocumentResult.CollectionDropped(reader.VarInt()),
        123 => new DocumentResult.CollectionNotFound(),
        124 => new DocumentResult.TooManyCollections((int)reader.VarInt()),
        125 => new DocumentResult.Written(reader.String(), reader.VarInt(), reader.Bool()),
        126 => new DocumentResult.Deleted(reader.String(), reader.VarInt()),
        127 => new DocumentResult.NotFound(),
        128 => new DocumentResult.Conflict(reader.Bool() ? DocumentCodec.Read(ref reader) : null),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };
}
