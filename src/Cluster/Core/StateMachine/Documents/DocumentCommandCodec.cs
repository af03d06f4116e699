using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>The bytes of the commands about documents. Tags are part of the log's format: never reuse one.</summary>
internal static class DocumentCommandCodec
{
    public const byte FirstTag = CreateTag;
    public const byte LastTag = 129;

    private const byte CreateTag = 120;
    private const byte DropTag = 121;
    private const byte PutTag = 122;
    private const byte DeleteTag = 123;

    public static void Write(ByteWriter writer, DocumentCommand command)
    {
        switch (command)
        {
            case CollectionCreate create:
                writer.Byte(CreateTag);
                writer.String(create.Collection);
                writer.Byte((byte)create.Strategy);
                break;
            case CollectionDrop drop:
                writer.Byte(DropTag);
                writer.String(drop.Collection);
                break;
            case DocumentPut put:
                writer.Byte(PutTag);
                writer.String(put.Collection);
                writer.String(put.Key);
                writer.OptionalString(put.Expected);
                writer.String(put.Region);
                writer.Bytes(put.Value.Span);
                break;
            case DocumentDelete delete:
                writer.Byte(DeleteTag);
                writer.String(delete.Collection);
                writer.String(delete.Key);
                writer.OptionalString(delete.Expected);
                writer.String(delete.Region);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static DocumentCommand Read(byte tag, ref ByteReader reader) => tag switch
    {
        CreateTag => new CollectionCreate(reader.String(), DocumentCodec.ReadStrategy(ref reader)),
        DropTag => new CollectionDrop(reader.String()),
        PutTag => new DocumentPut(reader.String(), reader.String(), reader.OptionalString(), reader.String(), reader.Bytes()),
        DeleteTag => new DocumentDelete(reader.String(), reader.String(), reader.OptionalString(), reader.String()),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };
}
