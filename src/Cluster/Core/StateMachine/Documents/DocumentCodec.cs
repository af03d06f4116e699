using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Documents as they stand in log, results and snapshots.</summary>
internal static class DocumentCodec
{
    public static void Write(ByteWriter writer, Document document)
    {
        writer.String(document.Key);
        writer.Bytes(document.Value.Span);
        writer.String(document.Rev);
        writer.VarInt(document.Generation);
        writer.VarInt(document.Sequence);
        writer.VarInt(document.CreatedAt.Value);
        writer.VarInt(document.ModifiedAt.Value);
        document.Clock.Write(writer);
        writer.String(document.Region);
    }

    /// <summary>Copies the value: what it is read from may be a large buffer.</summary>
    public static Document Read(ref ByteReader reader) => new(
        reader.String(),
        reader.Bytes().ToArray(),
        reader.String(),
        reader.VarInt(),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()),
        VectorClock.Read(ref reader),
        reader.String());

    public static ConflictStrategy ReadStrategy(ref ByteReader reader)
    {
        var strategy = (ConflictStrategy)reader.Byte();
        return strategy is >= ConflictStrategy.LastWriterWins and <= ConflictStrategy.Manual
            ? strategy
            : throw new FormatException($"{strategy} is no strategy for conflicts");
    }
}
