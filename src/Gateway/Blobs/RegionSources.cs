using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Blobs;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Blobs;

/// <summary>
/// Where a region gets the content of blobs from: first where they were written, then from the coordinator's region, then from any other. So a
/// region that the writer cannot be reached from gets it as soon as one of those has it.
/// </summary>
/// <param name="ways">To every region, this one included.</param>
internal sealed class RegionSources(string self, string coordinator, IReadOnlyDictionary<string, IRegionChunks> ways, RegionLinkGate gate)
{
    /// <summary>A chunk that comes damaged is asked for so often, then the next region is.</summary>
    private const int Tries = 2;

    /// <summary>Fetches a chunk, which matches its digest.</summary>
    /// <param name="writer">The region that wrote the blob. When the laboratory has cut the link to it nothing that it made comes, by any way.</param>
    /// <param name="onDamaged">Told of a chunk that came damaged.</param>
    /// <exception cref="ChunkSourceException">No region can be reached that has it.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(Digest chunk, string writer, Action<string> onDamaged, CancellationToken cancel)
    {
        if (gate.IsCut(writer, self))
        {
            throw new ChunkSourceException($"the laboratory has cut the link between {writer} and {self}");
        }

        var problems = new List<string>();
        foreach (var region in ways.Keys.Where(region => region != self && !gate.IsCut(region, self)).OrderBy(region => Rank(region, writer)))
        {
            try
            {
                if (await FetchFromAsync(region, chunk, onDamaged, cancel) is { } data)
                {
                    return data;
                }

                problems.Add($"{region} does not have it");
            }
            catch (RegionLinkException error)
            {
                problems.Add($"{region}: {error.Message}");
            }
        }

        throw new ChunkSourceException($"no region has chunk {chunk}: {(problems.Count == 0 ? "every link is cut" : string.Join("; ", problems))}");
    }

    private int Rank(string region, string writer) => region == writer ? 0 : region == coordinator ? 1 : 2;

    private async Task<ReadOnlyMemory<byte>?> FetchFromAsync(string region, Digest chunk, Action<string> onDamaged, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                if ((await ways[region].ChunkAsync(new ChunkRequest(self, chunk), cancel)).Data is not { } data)
                {
                    return null;
                }

                if (data.Length <= BlobLimits.ChunkBytes && ChunkStore.DigestOf(data.Span) == chunk)
                {
                    return data;
                }

                throw new RegionLinkException(RefusalCodes.WrongChecksum, $"chunk {chunk} was damaged on its way from {region}");
            }
            catch (RegionLinkException error) when (error.Code == RefusalCodes.WrongChecksum)
            {
                onDamaged(region);
                if (tries == Tries)
                {
                    throw;
                }
            }
        }
    }
}
