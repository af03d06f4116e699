using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Tests.Blobs;

namespace Quorate.Node.Tests.Processes;

/// <summary>Real processes are killed while they fetch the content of a blob.</summary>
[Collection(Alone.Name)]
public sealed class BlobProcessTests
{
    private const int Count = 96;

    [Fact]
    public async Task Node_KilledWhileItFetches_GoesOnWithTheChunksThatItLacks()
    {
        using var cluster = new ProcessCluster();
        await using var client = cluster.Client();
        var ids = cluster.Ids.ToList();
        var chunks = Enumerable.Range(0, Count).Select(_ => Chunks.Random()).ToList();
        await client.ReadAsync(state => state.AppliedIndex, CancellationToken.None);
        cluster[ids[2]].Kill();
        foreach (var id in ids.Take(2))
        {
            using var node = Connect(cluster, id);
            foreach (var (digest, data) in chunks)
            {
                await node.StoreAsync(digest, data, CancellationToken.None);
            }
        }

        Assert.IsType<BlobResult.Written>(await client.ExecuteAsync(
            new BlobPut("a", (long)Count * BlobLimits.ChunkBytes, default, ChunkList.Of([.. chunks.Select(chunk => chunk.Digest)]), ""), WriteOptions.None, CancellationToken.None));

        cluster.Start(ids[2]);
        Eventually.True(() => OnDisk(cluster, ids[2]) >= 5, "it has begun to fetch");
        cluster[ids[2]].Kill();
        var before = OnDisk(cluster, ids[2]);
        Assert.InRange(before, 5, Count - 1);
        cluster.Start(ids[2]);

        Eventually.True(() => OnDisk(cluster, ids[2]) == Count, "it has every chunk");
        using var third = Connect(cluster, ids[2]);
        var status = await third.StatusAsync(CancellationToken.None);
        Assert.InRange(status.Fetched, 1, Count - before);
        Assert.Equal(0, status.Corrupt);
        var buffer = new byte[BlobLimits.ChunkBytes];
        foreach (var (digest, data) in chunks)
        {
            Assert.Equal(data.Length, await third.FetchAsync(digest, buffer, CancellationToken.None));
            Assert.Equal(data, buffer);
        }
    }

    private static RemoteChunks Connect(ProcessCluster cluster, NodeId id) =>
        new(id, cluster.AddressOf(id), new TcpNodeLinkOptions { ClientName = "test" });

    private static int OnDisk(ProcessCluster cluster, NodeId id)
    {
        var directory = Path.Combine(cluster.DataOf(id), "chunks");
        return Directory.Exists(directory)
            ? Directory.EnumerateDirectories(directory, "??").Sum(sub => Directory.EnumerateFiles(sub).Count())
            : 0;
    }
}
