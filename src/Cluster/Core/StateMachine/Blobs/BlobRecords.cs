using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>Blobs and uploads as records of a snapshot.</summary>
internal static class BlobRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenBlobs frozen)
    {
        foreach (var (_, blob) in frozen.Blobs.All())
        {
            yield return (SnapshotTags.Blob, writer => BlobCodec.Write(writer, blob));
        }

        foreach (var (_, upload) in frozen.Uploads.All())
        {
            yield return (SnapshotTags.BlobUpload, writer => BlobCodec.Write(writer, upload));
        }
    }

    /// <exception cref="FormatException">The record is damaged.</exception>
    public static void Restore(byte tag, ref ByteReader reader, BlobTable table)
    {
        if (tag == SnapshotTags.Blob)
        {
            table.Restore(BlobCodec.ReadBlob(ref reader));
        }
        else
        {
            table.Restore(BlobCodec.ReadUpload(ref reader));
        }
    }
}
