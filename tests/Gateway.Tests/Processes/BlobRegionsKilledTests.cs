using System.Net;
using System.Net.Sockets;
using Quorate.Client;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>Two regions as processes of their own, of which one is killed while the content of a blob goes from one to the other.</summary>
public sealed class BlobRegionsKilledTests : IDisposable
{
    private const int Chunk = 1 << 20;
    private const int Chunks = 48;
    private const int Size = ((Chunks - 1) * Chunk) + 77;

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-blobs-").FullName;
    private readonly Dictionary<string, int> _ports = new() { ["eu"] = FreePort(), ["us"] = FreePort() };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("us")]
    [InlineData("eu")]
    public async Task Blob_WhoseReceiverOrSenderIsKilledDuringTheTransfer_GoesOnAtTheChunkReached(string killed)
    {
        var content = new byte[Size];
        Random.Shared.NextBytes(content);
        var servers = new Dictionary<string, GatewayServer> { ["eu"] = await StartAsync("eu"), ["us"] = await StartAsync("us") };
        try
        {
            await Eventually.HoldsAsync(async () =>
                (await new QuorateClient(servers["us"].Http).GetRegionsAsync()).Regions.Single(region => region.Id == "us").Phase == RegionPhases.Streaming);
            await new QuorateClient(servers["eu"].Http).PutBlobAsync("a", new MemoryStream(content));
            var reached = 0L;
            await Eventually.HoldsAsync(async () => (reached = (await ArrivalAsync(servers["us"]))?.Done ?? 0) > 0);
            await servers[killed].KillAsync();
            await servers[killed].DisposeAsync();

            Assert.InRange(reached, Chunk, Size - 1);
            servers[killed] = await StartAsync(killed);
            var us = new QuorateClient(servers["us"].Http);
            await Eventually.HoldsAsync(async () => (await us.ListBlobsAsync("a")).Items.Count == 1);

            await using var stream = await us.GetBlobAsync("a");
            using var read = new MemoryStream();
            await stream.CopyToAsync(read);
            Assert.Equal(content, read.ToArray());
            if (killed == "us")
            {
                Assert.InRange((await us.GetBlobStatusAsync()).FetchedFromRegions, 1, Chunks - (reached / Chunk));
            }
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<BlobTransfer?> ArrivalAsync(GatewayServer server) =>
        (await new QuorateClient(server.Http).GetBlobStatusAsync()).Items.FirstOrDefault(item => item.Kind == BlobTransferKinds.Arrival);

    private Task<GatewayServer> StartAsync(string region)
    {
        var other = region == "eu" ? "us" : "eu";
        return GatewayServer.StartAsync(
            Directory.CreateDirectory(Path.Combine(_directory, region)).FullName,
            "--Cluster:Embedded:Nodes=1",
            $"--Regions:Self={region}",
            $"--Regions:Listen=127.0.0.1:{_ports[region]}",
            $"--Regions:Peers={other}=http://127.0.0.1:{_ports[other]}",
            "--Regions:Coordinator=eu",
            "--Regions:Secret=a shared secret");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
