using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>Changes, versions and settlements as they stand in log, snapshots and between regions.</summary>
internal static class ChangeCodec
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Key = 1,
        Version = 2,
        Settlement = 4,

        /// <summary>No part, but what <see cref="ChangeEvent.Again"/> says.</summary>
        Again = 8,
        All = Key | Version | Settlement | Again,
    }

    public static void Write(ByteWriter writer, ChangeEvent change)
    {
        var parts = (change.Key is null ? Parts.None : Parts.Key)
            | (change.Version is null ? Parts.None : Parts.Version)
            | (change.Settlement is null ? Parts.None : Parts.Settlement)
            | (change.Again ? Parts.Again : Parts.None);
        writer.Byte((byte)parts);
        writer.Byte((byte)change.Kind);
        writer.String(change.Origin);
        writer.VarInt(change.Number);
        writer.VarInt(change.At.Value);
        writer.String(change.Collection);
        writer.Byte((byte)change.Strategy);
        writer.VarInt(change.StrategyAt.Value);
        writer.VarInt(change.SentMs);
        if (change.Key is { } key)
        {
            writer.String(key);
        }

        if (change.Version is { } version)
        {
            Write(writer, version);
        }

        if (change.Settlement is { } settlement)
        {
            Write(writer, settlement);
        }
    }

    /// <summary>Copies values: what they are read from may be a large buffer.</summary>
    /// <param name="previous">The change before in a list: it has names in common with this one.</param>
    /// <exception cref="FormatException">The change is damaged, or lacks what its kind needs.</exception>
    public static ChangeEvent ReadChange(ref ByteReader reader, ChangeEvent? previous = null)
    {
        var parts = (Parts)reader.Byte();
        var kind = ReadKind(ref reader);
        if ((parts & ~Parts.All) != 0 || kind < ChangeKind.CreateCollection != parts.HasFlag(Parts.Key | Parts.Version))
        {
            throw new FormatException($"a change of kind {kind} has the parts {parts}");
        }

        var origin = reader.String(previous?.Origin);
        var number = reader.VarInt();
        var at = new HlcTimestamp(reader.VarInt());
        var collection = reader.String(previous?.Collection);
        var strategy = DocumentCodec.ReadStrategy(ref reader);
        var strategyAt = new HlcTimestamp(reader.VarInt());
        var sentMs = reader.VarInt();
        return new ChangeEvent(
            origin,
            number,
            kind,
            at,
            collection,
            strategy,
            strategyAt,
            parts.HasFlag(Parts.Key) ? reader.String() : null,
            parts.HasFlag(Parts.Version) ? ReadVersion(ref reader, origin) : null,
            parts.HasFlag(Parts.Settlement) ? ReadSettlement(ref reader) : null,
            sentMs,
            parts.HasFlag(Parts.Again));
    }

    public static void Write(ByteWriter writer, DocumentVersion version)
    {
        writer.String(version.Region);
        writer.String(version.Rev);
        writer.VarInt(version.Generation);
        writer.Bool(version.Value is not null);
        if (version.Value is { } value)
        {
            writer.Bytes(value.Span);
        }

        writer.VarInt(version.CreatedAt.Value);
        writer.VarInt(version.At.Value);
        version.Clock.Write(writer);
    }

    /// <param name="region">Where it was written most likely.</param>
    public static DocumentVersion ReadVersion(ref ByteReader reader, string? region = null) => new(
        reader.String(region),
        reader.String(),
        reader.VarInt(),
        reader.Bool() ? reader.Bytes().ToArray() : (ReadOnlyMemory<byte>?)null,
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()),
        VectorClock.Read(ref reader, region));

    public static void Write(ByteWriter writer, Settlement settlement)
    {
        writer.String(settlement.Conflict);
        writer.Byte((byte)settlement.Strategy);
        writer.Byte((byte)settlement.Kind);
        Write(writer, settlement.Versions);
        writer.OptionalString(settlement.Chosen);
        writer.OptionalString(settlement.Reason);
    }

    public static Settlement ReadSettlement(ref ByteReader reader) =>
        new(
            reader.String(),
            DocumentCodec.ReadStrategy(ref reader),
            ReadSettlementKind(ref reader),
            ReadVersions(ref reader),
            reader.OptionalString(),
            reader.OptionalString());

    public static void Write(ByteWriter writer, IReadOnlyList<DocumentVersion> versions)
    {
        writer.VarInt(versions.Count);
        foreach (var version in versions)
        {
            Write(writer, version);
        }
    }

    public static DocumentVersion[] ReadVersions(ref ByteReader reader)
    {
        var versions = new DocumentVersion[reader.Count()];
        for (var i = 0; i < versions.Length; i++)
        {
            versions[i] = ReadVersion(ref reader);
        }

        return versions;
    }

    private static ChangeKind ReadKind(ref ByteReader reader)
    {
        var kind = (ChangeKind)reader.Byte();
        return kind is >= ChangeKind.Create and <= ChangeKind.DropCollection ? kind : throw new FormatException($"{kind} is no kind of change");
    }

    private static SettlementKind ReadSettlementKind(ref ByteReader reader)
    {
        var kind = (SettlementKind)reader.Byte();
        return kind is >= SettlementKind.Overwritten and <= SettlementKind.Undone
            ? kind
            : throw new FormatException($"{kind} is no way to end a conflict");
    }
}
