using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>Regions that reach each other over HTTP/2 only, as in processes of their own.</summary>
public sealed class SeparateRegionsTests
{
    private const string Collection = "orders";

    [Fact]
    public async Task Regions_WithASecretBetweenThem_ExchangeDocumentsBothWays()
    {
        var (eu, us) = (FreePort(), FreePort());
        await using var first = await StartAsync("eu", eu, "us", us, "a shared secret");
        using var ownHttp = new HttpClient { BaseAddress = first.Address };
        var own = new QuorateClient(ownHttp);
        await own.CreateCollectionAsync(Collection);
        await own.PutDocumentAsync(Collection, "a", JsonElement.Parse("1"));
        await using (var second = await StartAsync("us", us, "eu", eu, "a shared secret"))
        {
            using var otherHttp = new HttpClient { BaseAddress = second.Address };
            var other = new QuorateClient(otherHttp);
            await Eventually.HoldsAsync(async () => (await second.Api.GetAsync(Routes.Document(Collection, "a"))).Status == HttpStatusCode.OK);
            await other.PutDocumentAsync(Collection, "a", JsonElement.Parse("2"));
            await Eventually.HoldsAsync(async () => (await own.GetDocumentAsync(Collection, "a")).Region == "us");

            var regions = await other.GetRegionsAsync();
            Assert.Equal(("eu", true, false), (regions.Coordinator, regions.Regions.Single(region => region.Id == "us").Local, regions.Regions.Single(region => region.Id == "eu").Local));
            Assert.All(regions.Regions, region => Assert.Equal(RegionPhases.Streaming, region.Phase));
            (await second.Api.GetAsync(Routes.Collections + "?region=eu")).Problem(HttpStatusCode.NotFound, ErrorCodes.RegionNotFound, "region");

            // The coordinator hears what the other does, and how far it is.
            await Eventually.HoldsAsync(async () => await ElsewhereAsync(own) is { Phase: RegionPhases.Streaming } seen
                && seen.Clock.GetValueOrDefault("us") == 1 && seen.Clock.GetValueOrDefault("eu") == 2);
        }

        await Eventually.HoldsAsync(async () => (await ElsewhereAsync(own)).Phase == RegionPhases.Disconnected);
    }

    [Theory]
    [InlineData("eu")]
    [InlineData("us")]
    public async Task Blob_WrittenInTheCoordinatorsRegionOrTheOther_ComesOverTheLink(string writer)
    {
        var (eu, us) = (FreePort(), FreePort());
        await using var first = await StartAsync("eu", eu, "us", us, "a shared secret");
        await using var second = await StartAsync("us", us, "eu", eu, "a shared secret");
        using var ownHttp = new HttpClient { BaseAddress = writer == "eu" ? first.Address : second.Address };
        using var otherHttp = new HttpClient { BaseAddress = writer == "eu" ? second.Address : first.Address };
        var (own, other) = (new QuorateClient(ownHttp), new QuorateClient(otherHttp));
        var content = new byte[(3 << 20) + 7];
        Random.Shared.NextBytes(content);

        var written = await own.PutBlobAsync("a", new MemoryStream(content));

        await Eventually.HoldsAsync(async () => (await other.ListBlobsAsync("a")).Items.FirstOrDefault()?.Sha256 == written.Sha256);
        Assert.Equal(content, await otherHttp.GetByteArrayAsync(Routes.Blob("a")));
        Assert.Equal(4, (await other.GetBlobStatusAsync()).FetchedFromRegions);
    }

    [Fact]
    public async Task Regions_WithDifferentSecrets_ExchangeNothingAndSayWhy()
    {
        var (eu, us) = (FreePort(), FreePort());
        await using var first = await StartAsync("eu", eu, "us", us, "a shared secret");
        await using var second = await StartAsync("us", us, "eu", eu, "another secret");
        using var http = new HttpClient { BaseAddress = second.Address };

        RegionView? region = null;
        await Eventually.HoldsAsync(async () =>
            (region = (await new QuorateClient(http).GetRegionsAsync()).Regions.Single(item => item.Id == "us")).Failures > 0);

        Assert.Equal(RegionPhases.Disconnected, region!.Phase);
        Assert.Contains("secret", region.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<RegionView> ElsewhereAsync(QuorateClient client) =>
        (await client.GetRegionsAsync()).Regions.Single(region => region.Id == "us");

    private static Task<ClusterFixture> StartAsync(string self, int listen, string other, int peer, string secret) => ClusterFixture.StartAsync(
        "--Cluster:Embedded:Nodes=1",
        $"--Regions:Self={self}",
        $"--Regions:Listen=127.0.0.1:{listen}",
        $"--Regions:Peers={other}=http://127.0.0.1:{peer}",
        "--Regions:Coordinator=eu",
        $"--Regions:Secret={secret}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
