using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>The bytes of everything about blobs: commands, results, snapshot records. Tags are part of the format: never reuse one.</summary>
internal static class BlobCodec
{
    public const byte FirstTag = PutTag;
    public const byte LastTag = 209;

    private const byte PutTag = 200;
    private const byte DeleteTag = 201;
    private const byte StartTag = 202;
    private const byte AdvanceTag = 203;
    private const byte CommitTag = 204;
    private const byte AbortTag = 205;
    private const byte ArriveTag = 206;
    private const byte AdoptTag = 207;

    public static void Write(ByteWriter writer, BlobCommand command)
    {
        switch (command)
        {
            case BlobPut put:
                writer.Byte(PutTag);
                writer.String(put.Id);
                writer.VarInt(put.Size);
                WriteDigest(writer, put.Sha256);
                writer.Bytes(put.Chunks.Packed.Span);
                writer.String(put.ContentType);
                break;
            case BlobDelete delete:
                writer.Byte(DeleteTag);
                writer.String(delete.Id);
                break;
            case BlobUploadStart start:
                writer.Byte(StartTag);
                writer.String(start.Id);
                writer.OptionalInt64(start.Size);
                writer.String(start.ContentType);
                break;
            case BlobUploadAdvance advance:
                writer.Byte(AdvanceTag);
                writer.String(advance.Id);
                writer.VarInt(advance.Number);
                writer.VarInt(advance.First);
                writer.Bytes(advance.Chunks.Packed.Span);
                break;
            case BlobUploadCommit commit:
                writer.Byte(CommitTag);
                writer.String(commit.Id);
                writer.VarInt(commit.Number);
                writer.VarInt(commit.Size);
                WriteDigest(writer, commit.Sha256);
                break;
            case BlobUploadAbort abort:
                writer.Byte(AbortTag);
                writer.String(abort.Id);
                writer.OptionalInt64(abort.Number);
                break;
            case BlobArrive arrive:
                writer.Byte(ArriveTag);
                writer.String(arrive.Id);
                writer.VarInt(arrive.Number);
                writer.VarInt(arrive.First);
                writer.VarInt(arrive.Count);
                break;
            case BlobsAdopt adopt:
                writer.Byte(AdoptTag);
                writer.VarInt(adopt.Max);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static BlobCommand ReadCommand(byte tag, ref ByteReader reader) => tag switch
    {
        PutTag => Complete(new BlobPut(reader.String(), ReadSize(ref reader), ReadDigest(ref reader), ReadChunks(ref reader), reader.String())),
        DeleteTag => new BlobDelete(reader.String()),
        StartTag => new BlobUploadStart(reader.String(), reader.Bool() ? ReadSize(ref reader) : null, reader.String()),
        AdvanceTag => new BlobUploadAdvance(reader.String(), reader.VarInt(), ReadPlace(ref reader), ReadChunks(ref reader)),
        CommitTag => new BlobUploadCommit(reader.String(), reader.VarInt(), ReadSize(ref reader), ReadDigest(ref reader)),
        AbortTag => new BlobUploadAbort(reader.String(), reader.OptionalInt64()),
        ArriveTag => new BlobArrive(reader.String(), reader.VarInt(), ReadPlace(ref reader), ReadPlace(ref reader)),
        AdoptTag => new BlobsAdopt((int)reader.VarInt()),
        _ => throw new FormatException($"command tag {tag} is not of this version"),
    };

    public static void Write(ByteWriter writer, BlobResult result)
    {
        switch (result)
        {
            case BlobResult.Written written:
                writer.Byte(200);
                writer.VarInt(written.Index);
                writer.Bool(written.Created);
                break;
            case BlobResult.Deleted deleted:
                writer.Byte(201);
                writer.VarInt(deleted.Size);
                break;
            case BlobResult.NotFound:
                writer.Byte(202);
                break;
            case BlobResult.UploadStarted started:
                writer.Byte(203);
                writer.VarInt(started.Number);
                break;
            case BlobResult.UploadAt at:
                writer.Byte(204);
                writer.VarInt(at.Chunks);
                break;
            case BlobResult.UploadUnknown:
                writer.Byte(205);
                break;
            case BlobResult.UploadMismatch mismatch:
                writer.Byte(206);
                writer.VarInt(mismatch.Chunks);
                break;
            case BlobResult.UploadAborted:
                writer.Byte(207);
                break;
            case BlobResult.LimitReached limit:
                writer.Byte(208);
                writer.String(limit.What);
                writer.VarInt(limit.Limit);
                break;
            case BlobResult.Adopted adopted:
                writer.Byte(209);
                writer.VarInt(adopted.Count);
                writer.Bool(adopted.IsDone);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static BlobResult ReadResult(byte tag, ref ByteReader reader) => tag switch
    {
        200 => new BlobResult.Written(reader.VarInt(), reader.Bool()),
        201 => new BlobResult.Deleted(reader.VarInt()),
        202 => new BlobResult.NotFound(),
        203 => new BlobResult.UploadStarted(reader.VarInt()),
        204 => new BlobResult.UploadAt((int)reader.VarInt()),
        205 => new BlobResult.UploadUnknown(),
        206 => new BlobResult.UploadMismatch((int)reader.VarInt()),
        207 => new BlobResult.UploadAborted(),
        208 => new BlobResult.LimitReached(reader.String(), (int)reader.VarInt()),
        209 => new BlobResult.Adopted((int)reader.VarInt(), reader.Bool()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };

    public static void Write(ByteWriter writer, BlobManifest blob)
    {
        writer.String(blob.Id);
        writer.VarInt(blob.Size);
        WriteDigest(writer, blob.Sha256);
        writer.Bytes(blob.Chunks.Packed.Span);
        writer.String(blob.ContentType);
        writer.VarInt(blob.Index);
        writer.VarInt(blob.CreatedAt.Value);
        writer.VarInt(blob.ModifiedAt.Value);
    }

    /// <summary>Copies the list of chunks: what it is read from may be a large buffer.</summary>
    public static BlobManifest ReadBlob(ref ByteReader reader) => new(
        reader.String(),
        ReadSize(ref reader),
        ReadDigest(ref reader),
        new ChunkList(ReadChunks(ref reader).Packed.ToArray()),
        reader.String(),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()));

    public static void Write(ByteWriter writer, BlobUpload upload)
    {
        writer.String(upload.Id);
        writer.VarInt(upload.Number);
        writer.OptionalInt64(upload.Size);
        writer.Bytes(upload.Chunks.Packed.Span);
        writer.String(upload.ContentType);
        writer.VarInt(upload.StartedAt.Value);
        writer.VarInt(upload.MovedAt.Value);
    }

    /// <summary>Copies the list of chunks, as <see cref="ReadBlob"/> does.</summary>
    public static BlobUpload ReadUpload(ref ByteReader reader) => new(
        reader.String(),
        reader.VarInt(),
        reader.Bool() ? ReadSize(ref reader) : null,
        new ChunkList(ReadChunks(ref reader).Packed.ToArray()),
        reader.String(),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()));

    public static void Write(ByteWriter writer, BlobArrival arrival)
    {
        writer.String(arrival.Id);
        writer.VarInt(arrival.Number);
        writer.String(arrival.Region);
        writer.VarInt(arrival.Content.Size);
        WriteDigest(writer, arrival.Content.Sha256);
        writer.Bytes(arrival.Content.Chunks.Packed.Span);
        writer.String(arrival.Content.ContentType);
        writer.VarInt(arrival.CreatedAt.Value);
        writer.VarInt(arrival.At.Value);
        writer.VarInt(arrival.Held);
        writer.VarInt(arrival.StartedAt.Value);
        writer.VarInt(arrival.MovedAt.Value);
    }

    /// <summary>Copies the list of chunks, as <see cref="ReadBlob"/> does.</summary>
    public static BlobArrival ReadArrival(ref ByteReader reader) => new(
        reader.String(),
        reader.VarInt(),
        reader.String(),
        new BlobContent(ReadSize(ref reader), ReadDigest(ref reader), new ChunkList(ReadChunks(ref reader).Packed.ToArray()), reader.String()),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()),
        ReadPlace(ref reader),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()));

    public static void Write(ByteWriter writer, BlobAdoption adoption)
    {
        writer.Bool(adoption.HasBegun);
        writer.Bool(adoption.IsDone);
        writer.String(adoption.Through);
    }

    public static BlobAdoption ReadAdoption(ref ByteReader reader) => new(reader.Bool(), reader.Bool(), reader.String());

    private static BlobPut Complete(BlobPut put) => put.Chunks.Count == BlobLimits.ChunksOf(put.Size)
        ? put
        : throw new FormatException($"{put.Chunks.Count} chunks do not make {put.Size} bytes");

    private static void WriteDigest(ByteWriter writer, Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Digest.Length];
        digest.Write(bytes);
        writer.Bytes(bytes);
    }

    private static Digest ReadDigest(ref ByteReader reader) => reader.Bytes().Span is { Length: Digest.Length } bytes
        ? Digest.Read(bytes)
        : throw new FormatException("a digest has not 32 bytes");

    private static ChunkList ReadChunks(ref ByteReader reader)
    {
        var packed = reader.Bytes();
        return packed.Length % Digest.Length == 0 ? new ChunkList(packed) : throw new FormatException($"{packed.Length} bytes are no list of chunks");
    }

    private static long ReadSize(ref ByteReader reader)
    {
        var size = reader.VarInt();
        return size is >= 0 and <= BlobLimits.MaxBytes ? size : throw new FormatException($"{size} is no size of a blob");
    }

    private static int ReadPlace(ref ByteReader reader)
    {
        var place = reader.VarInt();
        return place >= 0 && place <= BlobLimits.ChunksOf(BlobLimits.MaxBytes) ? (int)place : throw new FormatException($"{place} is no place in a blob");
    }
}
