using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Tests.Access;

namespace Quorate.Node.Tests.Blobs;

public sealed class ChunkKeeperTests
{
    [Fact]
    public async Task Node_ThatLacksChunksOfABlob_FetchesThemFromTheOthers()
    {
        using var cluster = new TestCluster();
        cluster.AwaitLeader();
        await using var client = cluster.Client();
        var chunks = Enumerable.Range(0, 10).Select(_ => Chunks.Random()).ToList();
        foreach (var (digest, data) in chunks)
        {
            await new LocalChunks(cluster.Nodes[0]).StoreAsync(digest, data, CancellationToken.None);
        }

        await CommitAsync(client, "a", [.. chunks.Select(chunk => chunk.Digest)]);

        foreach (var node in cluster.Nodes.Skip(1))
        {
            Eventually.True(() => node.Blobs!.Status() is { Missing: 0, Fetched: 10 }, $"{node.Id} has every chunk");
            Assert.Equal(Enumerable.Repeat(true, 10), await new LocalChunks(node).HasAsync([.. chunks.Select(chunk => chunk.Digest)], CancellationToken.None));
        }
    }

    [Fact]
    public async Task Node_WithADamagedChunk_ReplacesItByTheOneOfAnother()
    {
        using var cluster = new TestCluster();
        cluster.AwaitLeader();
        await using var client = cluster.Client();
        var (digest, data) = Chunks.Random();
        foreach (var node in cluster.Nodes)
        {
            await new LocalChunks(node).StoreAsync(digest, data, CancellationToken.None);
        }

        await CommitAsync(client, "a", digest);
        Chunks.FlipBit(Chunks.FileOf(Path.Combine(cluster.DataOf(cluster.Nodes[1]), "chunks"), digest));
        var buffer = new byte[BlobLimits.ChunkBytes];
        Assert.Null(await new LocalChunks(cluster.Nodes[1]).FetchAsync(digest, buffer, CancellationToken.None));

        Eventually.True(() => cluster.Nodes[1].Blobs!.Status() is { Missing: 0, Corrupt: 1, Repaired: 1, Fetched: 1 }, "it is repaired");
        Assert.Equal(data.Length, await new LocalChunks(cluster.Nodes[1]).FetchAsync(digest, buffer, CancellationToken.None));
        Assert.Equal(data, buffer);
    }

    [Fact]
    public async Task Node_WithChunksThatNobodyNames_CollectsThemAndNoOthers()
    {
        using var directory = new TempDirectory();
        using var node = new QuorateNode(
            new NodeOptions
            {
                Id = "n1",
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Founders = ["n1"],
                DataDirectory = directory.Path,
                Blobs = new BlobOptions { CollectAfter = TimeSpan.Zero, CollectEvery = TimeSpan.FromMilliseconds(20) },
            },
            NullLogger.Instance);
        node.Start();
        await using var client = new ClusterClient([new InProcessNodeLink(node)], new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30) });
        var local = new LocalChunks(node);
        var (named, uploaded, former) = (Chunks.Random(1000), Chunks.Random(2000), Chunks.Random(3000));

        // An upload names its chunk before the blob does; the entries come at once after the chunks, as collecting is so eager here.
        foreach (var (digest, data) in ((Digest, byte[])[])[named, uploaded, former])
        {
            await StoreNamedAsync(client, local, digest, data);
        }

        await client.ExecuteAsync(new BlobUploadAbort(former.Digest.ToString(), null), WriteOptions.None, CancellationToken.None);
        await client.PutAsync("time", "goes on");

        Eventually.True(() => node.Blobs!.Status().Collected >= 1, "the chunk of the upload that was given up goes");
        Assert.Equal((bool[])[true, true, false], await local.HasAsync([named.Digest, uploaded.Digest, former.Digest], CancellationToken.None));
    }

    /// <summary>Stores a chunk until it is there when an upload names it.</summary>
    private static async Task StoreNamedAsync(ClusterClient client, LocalChunks local, Digest digest, byte[] data)
    {
        var id = digest.ToString();
        var start = (BlobResult.UploadStarted)await client.ExecuteAsync(new BlobUploadStart(id, data.Length, ""), WriteOptions.None, CancellationToken.None);
        await client.ExecuteAsync(new BlobUploadAdvance(id, start.Number, 0, ChunkList.Of([digest])), WriteOptions.None, CancellationToken.None);
        await local.StoreAsync(digest, data, CancellationToken.None);
    }

    private static async Task CommitAsync(ClusterClient client, string id, params Digest[] chunks) => Assert.IsType<BlobResult.Written>(await client.ExecuteAsync(
        new BlobPut(id, (long)chunks.Length * BlobLimits.ChunkBytes, default, ChunkList.Of(chunks), ""), WriteOptions.None, CancellationToken.None));
}
