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

        foreach (var (_, arrival) in frozen.Arrivals.All())
        {
            yield return (SnapshotTags.BlobArrival, writer => BlobCodec.Write(writer, arrival));
        }

        if (frozen.Adoption != BlobAdoption.None)
        {
            yield return (SnapshotTags.BlobAdoption, writer => BlobCodec.Write(writer, frozen.Adoption));
        }
    }

    /// <exception cref="FormatException">The record is damaged.</exception>
    public static void Restore(byte tag, ref ByteReader reader, BlobTable table)
    {
        switch (tag)
        {
            case SnapshotTags.Blob:
                table.Restore(BlobCodec.ReadBlob(ref reader));
                break;
            case SnapshotTags.BlobUpload:
                table.Restore(BlobCodec.ReadUpload(ref reader));
                break;
            case SnapshotTags.BlobArrival:
                table.Restore(BlobCodec.ReadArrival(ref reader));
                break;
            default:
                table.Adopted(BlobCodec.ReadAdoption(ref reader));
                break;
        }
    }
}
