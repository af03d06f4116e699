using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Node.Blobs;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Tests.Blobs;

/// <summary>From which region a chunk comes, and what becomes of one that comes damaged.</summary>
public sealed class RegionSourcesTests
{
    private static readonly byte[] Data = [1, 2, 3, 4];
    private static readonly Digest Chunk = ChunkStore.DigestOf(Data);

    private readonly RegionLinkGate _gate = new();
    private readonly Dictionary<string, IRegionChunks> _ways = new()
    {
        ["ap"] = new Way(Data),
        ["eu"] = new Way(Data),
        ["us"] = new Way(Data),
        ["za"] = new Way(Data),
    };

    private readonly List<string> _damaged = [];

    [Fact]
    public async Task Fetch_ThatComesDamagedOnce_IsFetchedAgainFromTheSameRegionAndCounted()
    {
        var writer = new Way([9, 9], Data);
        _ways["us"] = writer;

        Assert.Equal(Data, (await FetchAsync()).ToArray());

        Assert.Equal(2, writer.Asked);
        Assert.Equal(["us"], _damaged);
    }

    [Fact]
    public async Task Fetch_ThatComesDamagedAgain_IsFetchedFromTheCoordinator()
    {
        _ways["us"] = new Way([9, 9], Data[..3], Data);

        Assert.Equal(Data, (await FetchAsync()).ToArray());

        Assert.Equal(["us", "us"], _damaged);
        Assert.Equal((1, 0), (Asked("eu"), Asked("za")));
    }

    [Fact]
    public async Task Fetch_FromAWriterThatIsAwayAndACoordinatorWithoutIt_GoesToAThird()
    {
        _ways["us"] = new Away();
        _ways["eu"] = new Way((byte[]?)null);

        Assert.Equal(Data, (await FetchAsync()).ToArray());

        Assert.Equal(1, Asked("za"));
    }

    [Fact]
    public async Task Fetch_OfWhatAWriterMadeBehindACut_WaitsThoughOthersHaveIt()
    {
        _gate.Set("us", "ap", cut: true);

        await Assert.ThrowsAsync<ChunkSourceException>(FetchAsync);
        _gate.Set("us", "ap", cut: false);
        _gate.Set("eu", "ap", cut: true);
        _ways["us"] = new Away();
        await FetchAsync();

        Assert.Equal((0, 1), (Asked("eu"), Asked("za")));
    }

    private Task<ReadOnlyMemory<byte>> FetchAsync() =>
        new RegionSources("ap", "eu", _ways, _gate).FetchAsync(Chunk, "us", _damaged.Add, CancellationToken.None);

    private int Asked(string region) => ((Way)_ways[region]).Asked;

    /// <summary>Answers in turn, the last for ever.</summary>
    private sealed class Way(params byte[]?[] answers) : IRegionChunks
    {
        public int Asked { get; private set; }

        public Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel)
        {
            var answer = answers[Math.Min(Asked++, answers.Length - 1)];
            return Task.FromResult(new ChunkAnswer(answer is null ? null : (ReadOnlyMemory<byte>?)answer));
        }
    }

    private sealed class Away : IRegionChunks
    {
        public Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel) =>
            throw new RegionLinkException(RefusalCodes.Unavailable, "away");
    }
}
