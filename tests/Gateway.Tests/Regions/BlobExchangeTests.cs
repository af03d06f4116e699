using System.Net;
using System.Security.Cryptography;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Tests.Hosting;
using Quorate.Node.Access;
using Quorate.Node.Blobs;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>Blobs between three regions, through the API alone where that can be.</summary>
[Collection(RegionsCollection.Name)]
public sealed class BlobExchangeTests(RegionsFixture regions) : IDisposable
{
    private const int Chunk = 1 << 20;

    private static readonly string[] All = ["eu", "us", "ap"];

    private readonly HttpClient _http = new() { BaseAddress = regions.Address };
    private readonly string _name = $"blob-{Guid.NewGuid():N}";

    private QuorateClient Client => new(_http);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Blob_WrittenInOneRegion_IsReadInTheOthersByteForByteAndGoesWithADeletion()
    {
        var content = Content((5 * Chunk) + 77);
        var written = await PutAsync("us", content);

        foreach (var region in All)
        {
            await Eventually.HoldsAsync(async () => await ShaAsync(region) == written.Sha256);
            Assert.Equal(content, await ReadAsync(region));
            var listed = Assert.Single((await Client.In(region).ListBlobsAsync(_name)).Items);
            Assert.Equal((content.Length, 6, "text/x-test"), (listed.Size, listed.Chunks, listed.ContentType));
        }

        Assert.True((await Client.In("ap").GetBlobStatusAsync()).FetchedFromRegions >= 6);
        Assert.Contains("quorate_blob_region_chunks_fetched_total{region=\"ap\"}", (await regions.Api.GetAsync(Routes.Metrics)).Text, StringComparison.Ordinal);
        await Client.In("ap").DeleteBlobAsync(_name);
        foreach (var region in All)
        {
            await Eventually.HoldsAsync(async () => await ShaAsync(region) is null);
        }
    }

    [Fact]
    public async Task Blob_WrittenBehindACutLink_ComesAfterTheHeal()
    {
        await Client.CutLinkAsync("eu", "us", "a test");
        await Eventually.HoldsAsync(async () => (await Client.GetRegionsAsync()).Links.Any(link => link is { From: "us", To: "eu", State: RegionLinkStates.Cut }));
        var written = await PutAsync("us", Content(2 * Chunk));
        var beside = await Client.PutBlobAsync($"{_name}-beside", new MemoryStream(Content(10)));

        // What eu wrote at the same time reaches ap, so what us wrote would have come too.
        await Eventually.HoldsAsync(async () => await ShaAsync("ap", $"{_name}-beside") == beside.Sha256);
        Assert.Null(await ShaAsync("ap"));
        Assert.Null(await ShaAsync("us", $"{_name}-beside"));
        await Client.HealLinkAsync("eu", "us");

        await Eventually.HoldsAsync(async () => await ShaAsync("eu") == written.Sha256 && await ShaAsync("ap") == written.Sha256);
        await Eventually.HoldsAsync(async () => await ShaAsync("us", $"{_name}-beside") == beside.Sha256);
    }

    [Fact]
    public async Task Blob_WrittenInTwoCutRegions_IsTheLastWritersInAllAndTheLoserIsInTheLedger()
    {
        await Client.CutLinkAsync("eu", "us", "a test");
        await Eventually.HoldsAsync(async () => (await Client.GetRegionsAsync()).Links.Any(link => link is { From: "us", To: "eu", State: RegionLinkStates.Cut }));
        var loser = await PutAsync("eu", Content(Chunk + 1));
        await Eventually.HoldsAsync(() => regions.Gateway.Service<RegionSet>().Find("us")!.Cluster.Peek(state => state.Time)
            > regions.Gateway.Service<RegionSet>().First.Cluster.Peek(state => state.Blobs.Get(_name)!.ModifiedAt));
        var winner = await PutAsync("us", Content(Chunk + 2));
        await Client.HealLinkAsync("eu", "us");

        foreach (var region in All)
        {
            await Eventually.HoldsAsync(async () => await ShaAsync(region) == winner.Sha256);
            await Eventually.HoldsAsync(async () => (await Client.In(region).ListConflictsAsync(collection: SyncEntry.BlobCollection, prefix: _name)).Items.Count == 1);
        }

        var conflict = Assert.Single((await Client.ListConflictsAsync(collection: SyncEntry.BlobCollection, prefix: _name)).Items);
        Assert.Equal((ConflictStatuses.Automatic, 2), (conflict.Status, conflict.Versions.Count));
        await Client.In("ap").ResolveConflictAsync(conflict.Id, new ResolveConflictRequest(Region: "eu"));
        foreach (var region in All)
        {
            await Eventually.HoldsAsync(async () => await ShaAsync(region) == loser.Sha256);
        }

        Assert.Equal(Chunk + 1, (await ReadAsync("us")).Length);
    }

    [Fact]
    public async Task Blob_WhoseContentNoRegionHas_IsNotHereYetUntilOneHasIt()
    {
        var content = Content((2 * Chunk) + 5);
        var us = regions.Gateway.Service<BlobRegions>().Find("us")!;
        var chunks = content.Chunk(Chunk).Select(part => ChunkStore.DigestOf(part)).ToArray();
        var put = new BlobPut(_name, content.Length, ChunkStore.DigestOf(content), ChunkList.Of(chunks), "text/plain");
        Assert.IsType<BlobResult.Written>(await us.Region.Cluster.ExecuteAsync(put, WriteOptions.None, CancellationToken.None));

        await Eventually.HoldsAsync(async () => (await regions.Api.GetAsync(Routes.Blob(_name))).Status == HttpStatusCode.ServiceUnavailable);
        await StoreAsync(us, content[..Chunk]);
        var problem = (await regions.Api.GetAsync(Routes.Blob(_name))).Problem(HttpStatusCode.ServiceUnavailable, ErrorCodes.BlobNotHereYet);
        Assert.Equal((content.Length, "us"), (problem["size"].GetInt64(), problem["region"].GetString()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await regions.Api.SendAsync(HttpMethod.Head, Routes.Blob(_name))).Status);
        Assert.Empty((await Client.ListBlobsAsync(_name)).Items);
        await Eventually.HoldsAsync(async () => (await Client.GetBlobStatusAsync()).Items
            .Any(item => item is { Kind: BlobTransferKinds.Arrival, Paused: true, Region: "us" } && item.Id == _name && item.Size == content.Length));

        await StoreAsync(us, content[Chunk..(2 * Chunk)]);
        await StoreAsync(us, content[(2 * Chunk)..]);

        foreach (var region in (string[])["eu", "ap"])
        {
            await Eventually.HoldsAsync(async () => await ShaAsync(region) == put.Sha256.ToString());
            Assert.Equal(content, await ReadAsync(region));
        }
    }

    [Fact]
    public async Task Blob_WhoseChunksDoNotMakeWhatItSays_IsVisibleInNoOtherRegion()
    {
        var content = Content(Chunk);
        var us = regions.Gateway.Service<BlobRegions>().Find("us")!;
        await StoreAsync(us, content);
        var put = new BlobPut(_name, Chunk, new Digest(1, 2, 3, 4), ChunkList.Of([ChunkStore.DigestOf(content)]), "text/plain");
        Assert.IsType<BlobResult.Written>(await us.Region.Cluster.ExecuteAsync(put, WriteOptions.None, CancellationToken.None));

        await Eventually.HoldsAsync(async () => (await Client.GetBlobStatusAsync()).Items.Any(item => item.Id == _name));
        var before = (await Client.GetBlobStatusAsync()).FetchedFromRegions;
        await Eventually.HoldsAsync(async () =>
            (await Client.GetBlobStatusAsync()) is var status && (status.FetchedFromRegions > before || status.Items.Any(item => item.Id == _name && item.Paused)));

        (await regions.Api.GetAsync(Routes.Blob(_name))).Problem(HttpStatusCode.ServiceUnavailable, ErrorCodes.BlobNotHereYet);
        await Client.In("us").DeleteBlobAsync(_name);
        await Eventually.HoldsAsync(async () => (await regions.Api.GetAsync(Routes.Blob(_name))).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Blob_DamagedOnTheDiskOfItsRegion_ComesOnceItIsRepairedAndIsCounted()
    {
        var content = Content(Chunk + 9);
        await Client.CutLinkAsync("eu", "us", "a test");
        await PutAsync("us", content);
        var us = regions.Gateway.Service<BlobRegions>().Find("us")!;
        var node = us.Region.Embedded!.Nodes[0];
        var file = Directory.GetFiles(us.Region.Options.DataDirectory, ChunkStore.DigestOf(content[..Chunk]).ToString(), SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await Client.HealLinkAsync("eu", "us");

        await Eventually.HoldsAsync(() => node.Blobs!.Status().Corrupt > 0);
        Assert.Null(await ShaAsync("ap"));
        await StoreAsync(us, content[..Chunk]);

        await Eventually.HoldsAsync(async () => await ShaAsync("ap") is not null);
        Assert.Equal(content, await ReadAsync("ap"));
        Assert.True(node.Blobs!.Status().Repaired > 0);
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        Random.Shared.NextBytes(content);
        return content;
    }

    private static async Task StoreAsync(RegionBlobs blobs, byte[] content)
    {
        var buffer = new ChunkBuffers().Rent();
        content.CopyTo(buffer.Whole);
        buffer.Length = content.Length;
        await blobs.Replicas.StoreAsync(ChunkStore.DigestOf(content), buffer);
    }

    /// <summary>Right after the start the region's cluster may have no leader yet.</summary>
    private async Task<PutBlobResponse> PutAsync(string region, byte[] content)
    {
        PutBlobResponse? written = null;
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                written = await Client.In(region).PutBlobAsync(_name, new MemoryStream(content), "text/x-test", Convert.ToHexStringLower(SHA256.HashData(content)));
                return true;
            }
            catch (QuorateException error) when (error.Code == ErrorCodes.NoQuorum)
            {
                return false;
            }
        });
        return written!;
    }

    private async Task<byte[]> ReadAsync(string region)
    {
        await using var stream = await Client.In(region).GetBlobAsync(_name);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private async Task<string?> ShaAsync(string region, string? id = null) =>
        (await Client.In(region).ListBlobsAsync(id ?? _name)).Items.FirstOrDefault(blob => blob.Id == (id ?? _name))?.Sha256;
}
