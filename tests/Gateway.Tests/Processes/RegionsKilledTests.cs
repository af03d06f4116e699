using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

public sealed class RegionsKilledTests : IDisposable
{
    private const string Collection = "orders";
    private const int Documents = 400;
    private const int Kills = 3;

    private static readonly string[] Settings = ["--regions", "eu,us,ap"];

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-regions-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task RegionsKilledDuringTransfer_StartedAgain_LoseNoChange()
    {
        var gateway = await GatewayServer.StartAsync(_directory, Settings);
        try
        {
            var client = new QuorateClient(gateway.Http);
            await client.CreateCollectionAsync(Collection);
            await Eventually.HoldsAsync(async () => await CountAsync(gateway, "us") is not null);
            await client.CutLinkAsync("eu", "us");
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Documents),
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (number, cancel) => await client.In("us").PutDocumentAsync(Collection, $"order-{number}", JsonElement.Parse("1"), cancellation: cancel));

            // The cut is not remembered: the transfer begins with each start, and is killed somewhere in it.
            for (var kill = 0; kill < Kills; kill++)
            {
                await gateway.KillAsync();
                await gateway.DisposeAsync();
                gateway = await GatewayServer.StartAsync(_directory, Settings);
            }

            foreach (var region in (string[])["eu", "us", "ap"])
            {
                await Eventually.HoldsAsync(async () => await CountAsync(gateway, region) == Documents);
            }
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }

    private static async Task<long?> CountAsync(GatewayServer gateway, string region)
    {
        try
        {
            return (await new QuorateClient(gateway.Http).In(region).GetCollectionAsync(Collection)).Documents;
        }
        catch (QuorateException error) when (error.Code is ErrorCodes.CollectionNotFound or ErrorCodes.NoQuorum)
        {
            return null;
        }
    }
}
