using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class KvHistoryTests(ClusterFixture cluster)
{
    private readonly string _key = $"history-{Guid.NewGuid():N}/a b";

    [Fact]
    public async Task History_OfAKeyThatLivedAndDied_ShowsEverythingNewestFirst()
    {
        var first = await PutAsync("""{"value":{"n":1}}""");
        var second = await PutAsync("""{"value":2}""", (Headers.Reason, "because"));
        var deleted = (await cluster.Api.DeleteAsync(Routes.Key(_key))).Ok()["revision"].GetInt64();
        var again = await PutAsync("""{"value":null}""");

        var items = (await cluster.Api.GetAsync(Routes.KeyHistory(_key))).Ok()["items"].EnumerateArray().ToList();

        Assert.Equal([again, deleted, second, first], items.Select(item => item.GetProperty("revision").GetInt64()));
        Assert.Equal(["put", "deleted", "put", "put"], items.Select(item => item.GetProperty("change").GetString()));
        Assert.Equal([1, 0, 2, 1], items.Select(item => item.GetProperty("version").GetInt64()));
        Assert.Equal([null, null, "because", null], items.Select(item => item.GetProperty("reason").GetString()));
        Assert.Equal("""{"n":1}""", items[3].GetProperty("value").GetRawText());
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("value").ValueKind);
        Assert.Equal(2, (await cluster.Api.GetAsync($"{Routes.KeyHistory(_key)}/{second}")).Ok()["value"].GetInt32());
    }

    [Fact]
    public async Task History_InPages_IsTheSame()
    {
        for (var i = 0; i < 5; i++)
        {
            await PutAsync($$"""{"value":{{i}}}""");
        }

        var first = (await cluster.Api.GetAsync(Routes.KeyHistory(_key) + "?limit=3")).Ok();
        var second = (await cluster.Api.GetAsync($"{Routes.KeyHistory(_key)}?limit=3&cursor={first["nextCursor"].GetString()}")).Ok();

        Assert.Equal(JsonValueKind.Null, second["nextCursor"].ValueKind);
        Assert.Equal(
            [4, 3, 2, 1, 0],
            first["items"].EnumerateArray().Concat(second["items"].EnumerateArray()).Select(item => item.GetProperty("value").GetInt32()));
    }

    [Fact]
    public async Task History_OfAKeyThatNeverWas_IsNotFound()
    {
        (await cluster.Api.GetAsync(Routes.KeyHistory(_key))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        (await cluster.Api.GetAsync(Routes.KeyHistory(_key) + "/7")).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        (await cluster.Api.GetAsync(Routes.KeyHistory(_key) + "/x")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "revision");
    }

    private async Task<long> PutAsync(string body, params (string Name, string Value)[] headers) =>
        (await cluster.Api.PutAsync(Routes.Key(_key), body, headers)).Ok()["revision"].GetInt64();
}
