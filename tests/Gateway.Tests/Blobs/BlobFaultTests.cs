using System.Net;
using System.Security.Cryptography;
using Quorate.Contracts;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Tests.Hosting;
using Quorate.Node.Access;
using Quorate.Node.Blobs;

namespace Quorate.Gateway.Tests.Blobs;

/// <summary>What can go wrong with disks and nodes while blobs come and go.</summary>
public sealed class BlobFaultTests
{
    private const int Chunk = 1 << 20;

    [Fact]
    public async Task Get_WithBitsFlippedOnTwoOfThreeDisks_IsRightAndRepairsAndCounts()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        byte[] content;
        do
        {
            content = Content(6 * Chunk);
        }
        while (ReadFirstAt(content, node: 0) < 2);
        await PutAsync(http, "a", content);
        await Eventually.HoldsAsync(() => cluster.Nodes.All(node => ChunksOf(cluster, node).Length == 6));
        foreach (var file in cluster.Nodes.Take(2).SelectMany(node => ChunksOf(cluster, node)))
        {
            FlipBit(file);
        }

        // Two chunks at least are read from the first node, then from the second, and are found damaged at both.
        Assert.Equal(content, await http.GetByteArrayAsync(Routes.Blob("a")));
        await Eventually.HoldsAsync(() => cluster.Nodes.Sum(node => node.Blobs!.Status().Corrupt) >= 4
            && cluster.Nodes.All(node => node.Blobs!.Status() is var status && status.Missing == 0 && status.Repaired == status.Corrupt));
        var status = (await cluster.Api.GetAsync(Routes.BlobTransfers)).Ok();
        var corrupt = cluster.Nodes.Sum(node => node.Blobs!.Status().Corrupt);
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.BlobTransfers)).Ok()["nodes"].EnumerateArray().Sum(node => node.GetProperty("corrupt").GetInt64()) == corrupt);
        Assert.Contains("quorate_blob_chunks_corrupt_total{node=\"n1\"}", (await cluster.Api.GetAsync(Routes.Metrics)).Text, StringComparison.Ordinal);
        Assert.Equal(content, await http.GetByteArrayAsync(Routes.Blob("a")));
    }

    [Fact]
    public async Task Put_WhileANodeIsAway_CommitsAndTheNodeFetchesWhatItMissed()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var away = cluster.Followers.First();
        away.Stop();

        await PutAsync(http, "a", Content(5 * Chunk));
        Assert.Empty(ChunksOf(cluster, away));
        away.Start();

        await Eventually.HoldsAsync(() => away.Blobs?.Status() is { Missing: 0, Fetched: 5 });
        Assert.Equal(5, ChunksOf(cluster, away).Length);
    }

    [Fact]
    public async Task Follower_OfACluster_FetchesTheContentBehindTheLog()
    {
        await using var cluster = await ClusterFixture.StartAsync("--Replication:Followers=f1");
        using var http = new HttpClient { BaseAddress = cluster.Address };
        await PutAsync(http, "a", Content(5 * Chunk));
        await PutAsync(http, "gone", Content(100));
        (await cluster.Api.DeleteAsync(Routes.Blob("gone"))).Ok();

        var copy = cluster.FollowerCopy("f1");
        await Eventually.HoldsAsync(() => copy.Store.Position == 3 && copy.Blobs is { Missing: 0, Fetched: >= 5 });

        Assert.Equal((1, 5), copy.Store.Read(state => (state.Blobs.Count, state.Blobs.DistinctChunks)));
        await Eventually.HoldsAsync(async () =>
            (await cluster.Api.GetAsync(Routes.SyncStatus)).Ok()["followers"][0].GetProperty("missingChunks") is { ValueKind: System.Text.Json.JsonValueKind.Number } missing && missing.GetInt64() == 0);
        Assert.Contains("type=\"PutBlob\"} 2", (await cluster.Api.GetAsync(Routes.Metrics)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_ChunksThatOnlyAMinorityHas_IsRefused()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var replicas = cluster.Service<BlobRegions>().First.Replicas;
        var content = Content(1000);
        var chunk = ChunkStore.DigestOf(content);
        await new LocalChunks(cluster.Nodes[0]).StoreAsync(chunk, content, CancellationToken.None);
        await Assert.ThrowsAsync<NoQuorumException>(() => replicas.KeepAsync([chunk]));

        await new LocalChunks(cluster.Nodes[1]).StoreAsync(chunk, content, CancellationToken.None);

        await replicas.KeepAsync([chunk]);
    }

    [Fact]
    public async Task Put_WithoutAMajority_IsRefusedAndNothingIsVisible()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        foreach (var node in cluster.Followers.ToList())
        {
            node.Stop();
        }

        var answer = await cluster.Api.SendAsync(HttpMethod.Put, Routes.Blob("a"), new ByteArrayContent(Content(100)));

        answer.Problem(HttpStatusCode.ServiceUnavailable, "no_quorum");
        foreach (var node in cluster.Nodes.Where(node => !node.IsRunning))
        {
            node.Start();
        }

        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.Blob("a"))).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Put_WithAChunkThatNoMajorityTakes_KeepsWhatCameBeforeItAndNothingBehind()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        await PutAsync(http, "first", Content(Chunk));
        byte[] content;
        string[] prefixes;
        do
        {
            content = Content(6 * Chunk);
            prefixes = [.. content.Chunk(Chunk).Select(chunk => ChunkStore.DigestOf(chunk).ToString()[..2])];
        }
        while (prefixes.Distinct().Count() < prefixes.Length);
        var blocked = cluster.Nodes.Take(2).Select(node => Path.Combine(cluster.DataOf(node), "chunks", prefixes[2])).ToList();
        await Eventually.HoldsAsync(() => cluster.Nodes.All(node => ChunksOf(cluster, node).Length == 1));
        blocked.ForEach(directory => Directory.Delete(directory, recursive: true));
        blocked.ForEach(file => File.WriteAllText(file, ""));

        var answer = await cluster.Api.SendAsync(HttpMethod.Put, Routes.Blob("a"), new ByteArrayContent(content));

        answer.Problem(HttpStatusCode.ServiceUnavailable, "no_quorum");
        var received = (int)(await cluster.Api.GetAsync(Routes.BlobUpload("a"))).Ok()["received"].GetInt64();
        Assert.InRange(received, 0, 2 * Chunk);
        Assert.Equal(
            content.Chunk(Chunk).Take(received / Chunk).Select(chunk => ChunkStore.DigestOf(chunk)),
            cluster.Cluster.Peek(state => state.Blobs.GetUpload("a")!.Chunks.All().ToList()));

        blocked.ForEach(File.Delete);
        blocked.ForEach(directory => Directory.CreateDirectory(directory));
        var rest = new ByteArrayContent(content, received, content.Length - received);
        rest.Headers.TryAddWithoutValidation("Content-Range", $"bytes {received}-{content.Length - 1}/{content.Length}");
        (await cluster.Api.SendAsync(HttpMethod.Put, Routes.Blob("a"), rest)).Ok(HttpStatusCode.Created);
        Assert.Equal(content, await http.GetByteArrayAsync(Routes.Blob("a")));
    }

    [Fact]
    public async Task Put_ManyAtOnce_TakesTheMemoryOfTheirChunksOnly()
    {
        const int Uploads = 48;
        const int Size = 12 * Chunk;
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var content = Content(Size);
        await PutAsync(http, "first", content);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var stop = new CancellationTokenSource();
        var peak = Task.Run(async () =>
        {
            var highest = 0L;
            while (!stop.IsCancellationRequested)
            {
                highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: true));
                await Task.Delay(20);
            }

            return highest;
        });

        await Task.WhenAll(Enumerable.Range(0, Uploads).Select(i => PutAsync(http, $"blob{i}", content)));

        await stop.CancelAsync();
        Assert.InRange(await peak - before, long.MinValue, 256L * Chunk);
        Assert.Equal((Uploads + 1) * (long)Size, cluster.Cluster.Peek(state => state.Blobs.Bytes));
        Assert.Equal(12, cluster.Cluster.Peek(state => state.Blobs.DistinctChunks));
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        Random.Shared.NextBytes(content);
        return content;
    }

    /// <returns>How many chunks of the content are asked for at this node, by its place among three, before the others.</returns>
    private static int ReadFirstAt(byte[] content, ulong node) => content.Chunk(Chunk).Count(chunk => ChunkStore.DigestOf(chunk).First % 3 == node);

    private static async Task PutAsync(HttpClient http, string id, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Routes.Blob(id)) { Content = new ByteArrayContent(content) };
        request.Headers.Add(Headers.ContentSha256, Convert.ToHexStringLower(SHA256.HashData(content)));
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static string[] ChunksOf(ClusterFixture cluster, Node.QuorateNode node)
    {
        var directory = Path.Combine(cluster.DataOf(node), "chunks");
        return Directory.Exists(directory) ? [.. Directory.EnumerateDirectories(directory, "??").SelectMany(Directory.EnumerateFiles)] : [];
    }

    private static void FlipBit(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }
}
