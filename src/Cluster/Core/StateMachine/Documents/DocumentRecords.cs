using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Collections as records of a snapshot: each collection, then its documents.</summary>
internal static class DocumentRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(IReadOnlyList<FrozenCollection> collections)
    {
        foreach (var collection in collections)
        {
            yield return (SnapshotTags.Collection, writer =>
            {
                writer.String(collection.Name);
                writer.Byte((byte)collection.Strategy);
                writer.VarInt(collection.CreatedAt.Value);
            });
            foreach (var (_, document) in collection.Documents.All())
            {
                yield return (SnapshotTags.Document, writer =>
                {
                    writer.String(collection.Name);
                    DocumentCodec.Write(writer, document);
                });
            }
        }
    }

    /// <exception cref="FormatException">The record is damaged, or its collection is missing.</exception>
    public static void Restore(byte tag, ref ByteReader reader, DocumentSet set)
    {
        var name = reader.String();
        if (tag == SnapshotTags.Collection)
        {
            set.Create(name, DocumentCodec.ReadStrategy(ref reader), new HlcTimestamp(reader.VarInt()));
            return;
        }

        var collection = set.Get(name) ?? throw new FormatException($"a document comes before its collection '{name}'");
        collection.Set(DocumentCodec.Read(ref reader));
    }
}
