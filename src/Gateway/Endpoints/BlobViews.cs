using Quorate.Contracts.Blobs;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Gateway.Endpoints;

/// <summary>Blobs in the words of the contract.</summary>
internal static class BlobViews
{
    public static BlobView Of(BlobManifest blob) => new(
        blob.Id, blob.Size, blob.Sha256.ToString(), blob.Chunks.Count, blob.ContentType, blob.Index, Views.Time(blob.CreatedAt), Views.Time(blob.ModifiedAt));

    public static BlobUploadView Of(BlobUpload upload) => new(
        upload.Id,
        upload.Number,
        upload.Size,
        upload.Received,
        upload.Chunks.Count,
        BlobLimits.ChunkBytes,
        upload.ContentType,
        Views.Time(upload.StartedAt),
        Views.Time(upload.MovedAt),
        Views.Time(upload.MovedAt.AddMs(BlobLimits.UploadPatienceMs)));

    public static string ETag(BlobManifest blob) => $"\"{blob.Sha256}\"";
}
