using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>A blob that another region wrote, and whose content is still on its way: nobody can read it here before all of it has come.</summary>
/// <param name="Number">Log index of the entry that made it known; a later version of the same blob has another one.</param>
/// <param name="Region">Where it was written, and can be fetched from first.</param>
/// <param name="CreatedAt">Of the blob.</param>
/// <param name="At">When this version was written.</param>
/// <param name="Held">Chunks that are durable here, from the beginning on without a gap.</param>
public sealed record BlobArrival(
    string Id, long Number, string Region, BlobContent Content, HlcTimestamp CreatedAt, HlcTimestamp At, int Held, HlcTimestamp StartedAt, HlcTimestamp MovedAt)
{
    /// <summary>Bytes that are durable; the next ones begin here.</summary>
    public long Received => Math.Min((long)Held * BlobLimits.ChunkBytes, Content.Size);
}
