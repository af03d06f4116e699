using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Cache;

/// <summary>The bytes of everything about the cache: commands, results, snapshot records. Tags are part of the format: never reuse one.</summary>
internal static class CacheCodec
{
    public const byte FirstTag = 160;
    public const byte LastTag = 169;

    private const byte Put = 160;
    private const byte Delete = 161;
    private const byte Written = 160;
    private const byte Deleted = 161;

    public static void Write(ByteWriter writer, CacheCommand command)
    {
        switch (command)
        {
            case CachePut put:
                writer.Byte(Put);
                writer.String(put.Key);
                writer.OptionalInt64(put.TtlMs);
                writer.Bytes(put.Value.Span);
                break;
            case CacheDelete delete:
                writer.Byte(Delete);
                writer.String(delete.Key);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static CacheCommand ReadCommand(byte tag, ref ByteReader reader) => tag switch
    {
        Put => new CachePut(reader.String(), reader.OptionalInt64(), reader.Bytes()),
        Delete => new CacheDelete(reader.String()),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };

    public static void Write(ByteWriter writer, CommandResult.CacheWritten written)
    {
        writer.Byte(Written);
        writer.VarInt(written.Revision);
        writer.VarInt(written.Stamp.Value);
        writer.OptionalInt64(written.ExpiresAt?.Value);
    }

    public static void Write(ByteWriter writer, CommandResult.CacheDeleted deleted)
    {
        writer.Byte(Deleted);
        writer.VarInt(deleted.Revision);
        writer.VarInt(deleted.Stamp.Value);
        writer.Bool(deleted.Existed);
    }

    public static CommandResult ReadResult(byte tag, ref ByteReader reader) => tag switch
    {
        Written => new CommandResult.CacheWritten(reader.VarInt(), new HlcTimestamp(reader.VarInt()), Time(reader.OptionalInt64())),
        Deleted => new CommandResult.CacheDeleted(reader.VarInt(), new HlcTimestamp(reader.VarInt()), reader.Bool()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };

    public static void Write(ByteWriter writer, CacheItem item)
    {
        writer.String(item.Key);
        writer.Bool(item.Value is not null);
        if (item.Value is { } value)
        {
            writer.Bytes(value.Span);
        }
        else
        {
            writer.VarInt(item.Size);
        }

        writer.VarInt(item.Revision);
        writer.VarInt(item.Stamp.Value);
        writer.OptionalInt64(item.ExpiresAt?.Value);
    }

    /// <summary>Copies the value: what it is read from may be a large buffer.</summary>
    public static CacheItem ReadItem(ref ByteReader reader)
    {
        var key = reader.String();

        // Spelled out: a null among memories would become an empty one.
        ReadOnlyMemory<byte>? value = null;
        if (reader.Bool())
        {
            value = reader.Bytes().ToArray();
        }

        var size = value?.Length ?? (int)reader.VarInt();
        return new CacheItem(key, value, size, reader.VarInt(), new HlcTimestamp(reader.VarInt()), Time(reader.OptionalInt64()));
    }

    public static void Write(ByteWriter writer, CacheCounters counters)
    {
        writer.VarInt(counters.Spilled);
        writer.VarInt(counters.Dropped);
        writer.VarInt(counters.Expired);
    }

    public static CacheCounters ReadCounters(ref ByteReader reader) => new(reader.VarInt(), reader.VarInt(), reader.VarInt());

    private static HlcTimestamp? Time(long? value) => value is { } time ? new HlcTimestamp(time) : null;
}
