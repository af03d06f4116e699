using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>The bytes of what regions and the coordinator say to each other. Tags are part of the format: never reuse one.</summary>
public static class RegionMessageCodec
{
    private const byte HelloTag = 1;
    private const byte HelloAnswerTag = 2;
    private const byte PushTag = 3;
    private const byte PushAnswerTag = 4;
    private const byte PullTag = 5;
    private const byte PullAnswerTag = 6;
    private const byte CopyTag = 7;
    private const byte CopyAnswerTag = 8;
    private const byte RefusedTag = 9;
    private const byte ChunkTag = 10;
    private const byte ChunkAnswerTag = 11;

    public static void Write(ByteWriter writer, RegionMessage message)
    {
        switch (message)
        {
            case HelloRequest hello:
                writer.Byte(HelloTag);
                writer.String(hello.Region);
                writer.VarInt(hello.Session);
                writer.VarInt(hello.Settled);
                break;
            case HelloAnswer answer:
                writer.Byte(HelloAnswerTag);
                writer.VarInt(answer.Received);
                ExchangeCodec.Write(writer, answer.Refusals);
                ExchangeCodec.Write(writer, answer.Others);
                break;
            case PushRequest push:
                writer.Byte(PushTag);
                writer.String(push.Region);
                writer.VarInt(push.Session);
                writer.VarInt(push.Settled);
                ExchangeCodec.Write(writer, push.Changes);
                break;
            case PushAnswer answer:
                writer.Byte(PushAnswerTag);
                writer.VarInt(answer.Received);
                ExchangeCodec.Write(writer, answer.Refusals);
                break;
            case PullRequest pull:
                writer.Byte(PullTag);
                writer.String(pull.Region);
                ExchangeCodec.Write(writer, pull.Held);
                ExchangeCodec.Write(writer, pull.Positions);
                writer.VarInt(pull.MaxChanges);
                writer.VarInt(pull.MaxBytes);
                writer.VarInt(pull.WaitMs);
                break;
            case PullAnswer answer:
                writer.Byte(PullAnswerTag);
                writer.VarInt(answer.Origins.Count);
                foreach (var origin in answer.Origins)
                {
                    Write(writer, origin);
                }

                break;
            case CopyRequest copy:
                writer.Byte(CopyTag);
                writer.String(copy.Region);
                writer.OptionalString(copy.Cursor);
                writer.VarInt(copy.MaxChanges);
                writer.VarInt(copy.MaxBytes);
                break;
            case CopyAnswer answer:
                writer.Byte(CopyAnswerTag);
                ExchangeCodec.Write(writer, answer.Changes);
                ExchangeCodec.Write(writer, answer.Positions);
                writer.OptionalString(answer.Next);
                break;
            case RefusedAnswer refused:
                writer.Byte(RefusedTag);
                writer.String(refused.Code);
                writer.String(refused.Detail);
                break;
            case ChunkRequest chunk:
                writer.Byte(ChunkTag);
                writer.String(chunk.Region);
                writer.Bytes(chunk.Chunk.ToArray());
                break;
            case ChunkAnswer answer:
                writer.Byte(ChunkAnswerTag);
                writer.Bool(answer.Data is not null);
                if (answer.Data is { } data)
                {
                    writer.Bytes(data.Span);
                }

                break;
            default:
                throw new UnreachableException(message.GetType().Name);
        }
    }

    /// <exception cref="FormatException">The bytes are not a message of this version.</exception>
    public static RegionMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var tag = reader.Byte();
        RegionMessage message = tag switch
        {
            HelloTag => new HelloRequest(reader.String(), reader.VarInt(), reader.VarInt()),
            HelloAnswerTag => new HelloAnswer(reader.VarInt(), ExchangeCodec.ReadRefusals(ref reader), ExchangeCodec.ReadPositions(ref reader)),
            PushTag => new PushRequest(reader.String(), reader.VarInt(), reader.VarInt(), ExchangeCodec.ReadChanges(ref reader)),
            PushAnswerTag => new PushAnswer(reader.VarInt(), ExchangeCodec.ReadRefusals(ref reader)),
            PullTag => new PullRequest(
                reader.String(),
                ExchangeCodec.ReadPositions(ref reader),
                ExchangeCodec.ReadPositions(ref reader),
                ReadInt32(ref reader),
                reader.VarInt(),
                ReadInt32(ref reader)),
            PullAnswerTag => new PullAnswer(ReadOrigins(ref reader)),
            CopyTag => new CopyRequest(reader.String(), reader.OptionalString(), ReadInt32(ref reader), reader.VarInt()),
            CopyAnswerTag => new CopyAnswer(ExchangeCodec.ReadChanges(ref reader), ExchangeCodec.ReadPositions(ref reader), reader.OptionalString()),
            RefusedTag => new RefusedAnswer(reader.String(), reader.String()),
            ChunkTag => new ChunkRequest(reader.String(), ReadDigest(ref reader)),
            ChunkAnswerTag => new ChunkAnswer(reader.Bool() ? reader.Bytes() : (ReadOnlyMemory<byte>?)null),
            _ => throw new FormatException($"message tag {tag} is not of this version"),
        };
        reader.End();
        return message;
    }

    private static void Write(ByteWriter writer, OriginChanges origin)
    {
        writer.String(origin.Origin);
        writer.VarInt(origin.After);
        writer.VarInt(origin.UpTo);
        ExchangeCodec.Write(writer, origin.Changes);
        writer.VarInt(origin.Received);
        writer.VarInt(origin.RemainingBytes);
    }

    private static OriginChanges[] ReadOrigins(ref ByteReader reader)
    {
        var origins = new OriginChanges[reader.Count()];
        for (var i = 0; i < origins.Length; i++)
        {
            origins[i] = new OriginChanges(
                reader.String(), reader.VarInt(), reader.VarInt(), ExchangeCodec.ReadChanges(ref reader), reader.VarInt(), reader.VarInt());
        }

        return origins;
    }

    private static Digest ReadDigest(ref ByteReader reader) => reader.Bytes().Span is { Length: Digest.Length } bytes
        ? Digest.Read(bytes)
        : throw new FormatException($"a digest at {reader.Position} has not {Digest.Length} bytes");

    private static int ReadInt32(ref ByteReader reader) => reader.VarInt() is >= 0 and <= int.MaxValue and var value
        ? (int)value
        : throw new FormatException($"a number at {reader.Position} is out of range");
}
