using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication;

/// <summary>Changes and followers as they stand in log and snapshots.</summary>
internal static class SyncCodec
{
    public static void Write(ByteWriter writer, SyncEntry entry)
    {
        writer.VarInt(entry.Sequence);
        writer.VarInt(entry.At.Value);
        writer.Byte((byte)entry.Operation);
        writer.String(entry.Collection);
        writer.OptionalString(entry.Key);
        writer.OptionalString(entry.Rev);
        writer.Bool(entry.Document is not null);
        if (entry.Document is { } document)
        {
            DocumentCodec.Write(writer, document);
        }

        writer.Bool(entry.Strategy is not null);
        if (entry.Strategy is { } strategy)
        {
            writer.Byte((byte)strategy);
        }

        // Only here: entries of other kinds look as they did before there were blobs.
        if (entry.Operation == SyncOperation.PutBlob)
        {
            BlobCodec.Write(writer, entry.Blob!);
        }
    }

    public static SyncEntry Read(ref ByteReader reader)
    {
        var entry = new SyncEntry(
            reader.VarInt(),
            new HlcTimestamp(reader.VarInt()),
            ReadOperation(ref reader),
            reader.String(),
            reader.OptionalString(),
            reader.OptionalString(),
            reader.Bool() ? DocumentCodec.Read(ref reader) : null,
            reader.Bool() ? DocumentCodec.ReadStrategy(ref reader) : null);
        return entry.Operation == SyncOperation.PutBlob ? entry with { Blob = BlobCodec.ReadBlob(ref reader) } : entry;
    }

    public static void Write(ByteWriter writer, IReadOnlyList<SyncEntry> entries)
    {
        writer.VarInt(entries.Count);
        foreach (var entry in entries)
        {
            Write(writer, entry);
        }
    }

    /// <exception cref="FormatException">An entry is damaged, or lacks what its operation needs.</exception>
    public static SyncEntry[] ReadAll(ref ByteReader reader)
    {
        var entries = new SyncEntry[reader.Count()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = Checked(Read(ref reader));
        }

        return entries;
    }

    public static void Write(ByteWriter writer, Follower follower)
    {
        writer.String(follower.Id);
        writer.VarInt(follower.Sequence);
        writer.OptionalInt64(follower.Pinned);
        writer.VarInt(follower.RegisteredAt.Value);
        writer.VarInt(follower.ReportedAt.Value);
    }

    public static Follower ReadFollower(ref ByteReader reader) => new(
        reader.String(), reader.VarInt(), reader.OptionalInt64(), new HlcTimestamp(reader.VarInt()), new HlcTimestamp(reader.VarInt()));

    private static SyncEntry Checked(SyncEntry entry)
    {
        var complete = entry.Operation switch
        {
            SyncOperation.Insert or SyncOperation.Update => entry.Document is { } document && document.Key == entry.Key,
            SyncOperation.Delete or SyncOperation.DeleteBlob => entry.Key is not null,
            SyncOperation.PutBlob => entry.Blob?.Id == entry.Key,
            _ => true,
        };
        return complete ? entry : throw new FormatException($"change {entry.Sequence} lacks what {entry.Operation} needs");
    }

    private static SyncOperation ReadOperation(ref ByteReader reader)
    {
        var operation = (SyncOperation)reader.Byte();
        return operation is >= SyncOperation.Insert and <= SyncOperation.DeleteBlob
            ? operation
            : throw new FormatException($"{operation} is no operation");
    }
}
