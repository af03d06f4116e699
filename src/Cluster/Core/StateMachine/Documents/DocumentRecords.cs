using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Collections as records of a snapshot: each collection, then its documents, then what regions remember of them.</summary>
internal static class DocumentRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenDocuments documents)
    {
        foreach (var collection in documents.Collections)
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

            foreach (var (key, set) in collection.Versions.All())
            {
                yield return (SnapshotTags.Versions, writer =>
                {
                    writer.String(collection.Name);
                    writer.String(key);
                    ChangeCodec.Write(writer, set.Versions);
                });
            }

            foreach (var (key, origin) in collection.Forks.All())
            {
                yield return (SnapshotTags.Fork, writer =>
                {
                    writer.String(collection.Name);
                    writer.String(key);
                    writer.String(origin);
                });
            }
        }

        foreach (var (name, dropped) in documents.Dropped.All())
        {
            yield return (SnapshotTags.DroppedCollection, writer =>
            {
                writer.String(name);
                writer.VarInt(dropped.At.Value);
                writer.Byte((byte)dropped.Strategy);
                writer.VarInt(dropped.StrategyAt.Value);
            });
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

        if (tag == SnapshotTags.DroppedCollection)
        {
            set.Remember(new DroppedCollection(
                name, new HlcTimestamp(reader.VarInt()), DocumentCodec.ReadStrategy(ref reader), new HlcTimestamp(reader.VarInt())));
            return;
        }

        var collection = set.Get(name) ?? throw new FormatException($"a document comes before its collection '{name}'");
        switch (tag)
        {
            case SnapshotTags.Versions:
                collection.Keep(reader.String(), VersionSet.Of(ChangeCodec.ReadVersions(ref reader)));
                break;
            case SnapshotTags.Fork:
                var fork = collection.Get(reader.String()) ?? throw new FormatException("a fork comes before its document");
                collection.Set(fork, reader.String());
                break;
            default:
                collection.Set(DocumentCodec.Read(ref reader));
                break;
        }
    }
}
