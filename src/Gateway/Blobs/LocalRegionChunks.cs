using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Gateway.Regions;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Blobs;

/// <summary>The content of blobs in a region that is served here, for the other regions. A chunk is checked when it is read from a disk.</summary>
internal sealed class LocalRegionChunks(RegionBlobs blobs, RegionsOptions options, RegionLinkGate gate, ChunkBuffers buffers) : IRegionChunks
{
    public async Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel)
    {
        if (!options.All.Contains(request.Region))
        {
            throw new RegionLinkException(
                RefusalCodes.UnknownRegion, $"'{request.Region}' is no region of this system. Known are {string.Join(", ", options.All)}.");
        }

        if (gate.IsCut(request.Region, blobs.Id))
        {
            throw new RegionLinkException(RefusalCodes.Cut, $"The laboratory has cut the link between {request.Region} and {blobs.Id}.");
        }

        var buffer = buffers.Rent();
        try
        {
            return new ChunkAnswer(
                await blobs.Replicas.FetchAsync(request.Chunk, buffer.Whole, cancel) is { } length ? buffer.Whole[..length].ToArray() : (ReadOnlyMemory<byte>?)null);
        }
        finally
        {
            buffer.Release();
        }
    }
}
