using System.Net;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Tests.Access;

namespace Quorate.Node.Tests.Blobs;

public sealed class RemoteChunksTests : IDisposable
{
    private const string Secret = "a secret of the cluster";

    private readonly TestCluster _cluster = new(secret: Secret);
    private readonly byte[] _buffer = new byte[BlobLimits.ChunkBytes];
    private readonly RemoteChunks _remote;

    public RemoteChunksTests() => _remote = Connect(_cluster.Nodes[0], "test", Secret);

    [Fact]
    public async Task Fetch_WhatWasStored_AnswersIt()
    {
        var (digest, data) = Chunks.Random();
        var other = Chunks.Random(10).Digest;

        await _remote.StoreAsync(digest, data, CancellationToken.None);

        Assert.Equal(data.Length, await _remote.FetchAsync(digest, _buffer, CancellationToken.None));
        Assert.Equal(data, _buffer);
        Assert.Equal((bool[])[true, false], await _remote.HasAsync([digest, other], CancellationToken.None));
        Assert.Null(await _remote.FetchAsync(other, _buffer, CancellationToken.None));
        Assert.Equal((1, data.Length), await StatusAsync());
    }

    [Fact]
    public async Task Store_UnderAnotherDigest_IsRefused()
    {
        var (digest, data) = Chunks.Random(1000);
        data[7] ^= 1;

        await Assert.ThrowsAsync<ChunkSourceException>(() => _remote.StoreAsync(digest, data, CancellationToken.None));

        Assert.Equal((bool[])[false], await _remote.HasAsync([digest], CancellationToken.None));
    }

    [Fact]
    public async Task Fetch_AfterTheNodeWasStartedAnew_ConnectsAgain()
    {
        var (digest, data) = Chunks.Random(1000);
        await _remote.StoreAsync(digest, data, CancellationToken.None);
        _cluster.Nodes[0].Stop();
        await Assert.ThrowsAsync<ChunkSourceException>(() => _remote.FetchAsync(digest, _buffer, CancellationToken.None));

        _cluster.Nodes[0].Start();

        Assert.Equal(1000, await _remote.FetchAsync(digest, _buffer, CancellationToken.None));
    }

    [Fact]
    public async Task Has_WithAnotherSecret_IsRefused()
    {
        using var stranger = Connect(_cluster.Nodes[0], "test", "another secret");

        await Assert.ThrowsAsync<ChunkSourceException>(() => stranger.HasAsync([default], CancellationToken.None));
    }

    [Fact]
    public async Task Fetch_FromAnIsolatedNode_IsRefusedToNodesAndNotToClients()
    {
        var (digest, data) = Chunks.Random(1000);
        await _remote.StoreAsync(digest, data, CancellationToken.None);
        using var peer = Connect(_cluster.Nodes[0], "n2", Secret);
        Assert.Equal(1000, await peer.FetchAsync(digest, _buffer, CancellationToken.None));

        _cluster.Nodes[0].SetIsolated(true);

        await Assert.ThrowsAsync<ChunkSourceException>(() => peer.FetchAsync(digest, _buffer, CancellationToken.None));
        Assert.Equal(1000, await _remote.FetchAsync(digest, _buffer, CancellationToken.None));
    }

    public void Dispose()
    {
        _remote.Dispose();
        _cluster.Dispose();
    }

    private static RemoteChunks Connect(QuorateNode node, string name, string secret) =>
        new(node.Id, node.EndPoint, new TcpNodeLinkOptions { ClientName = name, Secret = secret });

    private async Task<(long, long)> StatusAsync()
    {
        var status = await _remote.StatusAsync(CancellationToken.None);
        return (status.Chunks, status.Bytes);
    }
}
