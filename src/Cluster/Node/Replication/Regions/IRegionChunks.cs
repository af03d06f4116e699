using Quorate.Core.Replication.Regions.Exchange;

namespace Quorate.Node.Replication.Regions;

/// <summary>A region's way to the content of blobs in one other region, which need not be the coordinator.</summary>
public interface IRegionChunks
{
    /// <summary>Asks for a chunk. What comes has to be checked against its digest: the way is long.</summary>
    /// <exception cref="RegionLinkException">The region cannot be reached, or refuses.</exception>
    Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel);
}
