using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class FencingTests(ClusterFixture cluster)
{
    // Every character that a header, a path or the header's own colon could trip over.
    private readonly string _lock = $"fence/ä:%41 ,{Guid.NewGuid():N}";
    private readonly string _key = $"fenced/{Guid.NewGuid():N}";

    [Fact]
    public async Task Write_HeldToken_HappensAndAfterTheReleaseIsStale()
    {
        var token = await AcquireAsync("me");
        (await PutAsync(token)).Ok();
        (await cluster.Api.PostAsync($"{Routes.Lock(_lock)}/release", $$"""{"owner":"me","fencingToken":{{token}}}""")).Ok();

        var refused = (await PutAsync(token)).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);

        Assert.Equal(JsonValueKind.Null, refused["newestToken"].ValueKind);
        Assert.Equal(1, (await cluster.Api.GetAsync(Routes.Key(_key))).Ok()["version"].GetInt64());
    }

    [Fact]
    public async Task Write_LockGoneToTheNext_IsStaleAndSeenInTheHistory()
    {
        var stale = await AcquireAsync("slow");
        (await cluster.Api.DeleteAsync(Routes.Lock(_lock))).Ok();
        var token = await AcquireAsync("next");

        var refused = (await PutAsync(stale)).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await cluster.Api.DeleteAsync(Routes.Key(_key), Fence(stale))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await PutAsync(token)).Ok();

        Assert.Equal(token, refused["newestToken"].GetInt64());
        var history = (await cluster.Api.GetAsync(Routes.Lock(_lock))).Ok()["history"];
        Assert.Equal((token, stale), (history.GetProperty("currentToken").GetInt64(), history.GetProperty("lastRefused").GetProperty("fencingToken").GetInt64()));
        Assert.Equal(
            ["stale_token", "stale_token", "granted", "forced", "granted"],
            history.GetProperty("transitions").EnumerateArray().Select(each => each.GetProperty("what").GetString()));
    }

    [Fact]
    public async Task QueueOperations_StaleToken_AreRefusedAndChangeNothing()
    {
        var queue = Routes.Queue($"fenced/{Guid.NewGuid():N}");
        (await cluster.Api.PutAsync(queue, "{}")).Ok();
        const string Messages = """{"messages":[{"body":1}]}""";
        var token = await AcquireAsync("me");
        (await cluster.Api.PostAsync($"{queue}/messages", Messages, Fence(token))).Ok();

        (await cluster.Api.PostAsync($"{queue}/messages", Messages, Fence(token + 1))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await cluster.Api.PostAsync($"{queue}/dequeue", """{"max":1}""", Fence(token + 1))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);

        var view = (await cluster.Api.GetAsync(queue)).Ok();
        Assert.Equal((1, 0), (view["ready"].GetInt32(), view["inFlight"].GetInt32()));
    }

    [Theory]
    [InlineData("ack")]
    [InlineData("nack")]
    [InlineData("extend")]
    public async Task Receipts_LockGoneToTheNext_AreRefusedAndTheMessageStaysInFlight(string action)
    {
        var queue = Routes.Queue($"fenced/{Guid.NewGuid():N}");
        (await cluster.Api.PutAsync(queue, """{"visibilityMs":600000}""")).Ok();
        (await cluster.Api.PostAsync($"{queue}/messages", """{"messages":[{"body":1}]}""")).Ok();
        var stale = await AcquireAsync("slow");
        var message = (await cluster.Api.PostAsync($"{queue}/dequeue", """{"max":1}""", Fence(stale))).Ok()["messages"][0];
        var receipts = $$"""{"receipts":["{{message.GetProperty("receipt").GetString()}}"],"visibilityMs":600000}""";
        (await cluster.Api.DeleteAsync(Routes.Lock(_lock))).Ok();
        var token = await AcquireAsync("next");

        (await cluster.Api.PostAsync($"{queue}/{action}", receipts, Fence(stale))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);

        var view = (await cluster.Api.GetAsync(queue)).Ok();
        Assert.Equal((0, 1), (view["ready"].GetInt32(), view["inFlight"].GetInt32()));
        (await cluster.Api.PostAsync($"{queue}/{action}", receipts, Fence(token))).Ok();
    }

    [Theory]
    [InlineData("purge", """{"state":"ready"}""")]
    [InlineData("redrive", "{}")]
    public async Task OperatorActsOnAQueue_StaleToken_AreRefused(string action, string body)
    {
        var queue = Routes.Queue($"fenced/{Guid.NewGuid():N}");
        (await cluster.Api.PutAsync(queue, "{}")).Ok();
        (await cluster.Api.PostAsync($"{queue}/messages", """{"messages":[{"body":1}]}""")).Ok();

        (await cluster.Api.PostAsync($"{queue}/{action}", body, Fence(7))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await cluster.Api.DeleteAsync(queue, Fence(7))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);

        Assert.Equal(1, (await cluster.Api.GetAsync(queue)).Ok()["ready"].GetInt32());
    }

    [Fact]
    public async Task Batch_StaleToken_IsRefusedAsAWhole()
    {
        var body = $$"""{"operations":[{"op":"put","key":"{{_key}}","value":1}]}""";

        (await cluster.Api.PostAsync(Routes.Batch, body, Fence(7))).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await cluster.Api.GetAsync(Routes.Key(_key))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
    }

    [Fact]
    public async Task History_ReleasedLock_CanStillBeRead()
    {
        var token = await AcquireAsync("me");
        (await cluster.Api.PostAsync($"{Routes.Lock(_lock)}/release", $$"""{"owner":"me","fencingToken":{{token}}}""")).Ok();

        (await cluster.Api.GetAsync(Routes.Lock(_lock))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
        var history = (await cluster.Api.GetAsync(Routes.LockHistory(_lock))).Ok();

        Assert.Equal(JsonValueKind.Null, history["currentToken"].ValueKind);
        Assert.Equal(token, history["newestToken"].GetInt64());
        Assert.Equal(
            [("released", "me"), ("granted", "me")],
            history["transitions"].EnumerateArray().Select(each => (each.GetProperty("what").GetString(), each.GetProperty("owner").GetString())));
        (await cluster.Api.GetAsync(Routes.LockHistory(_lock + "?"))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lock")]
    [InlineData("lock:")]
    [InlineData("lock:-1")]
    [InlineData("lock:0")]
    [InlineData("lock:1x")]
    [InlineData(":1")]
    [InlineData("%zz:1")]
    [InlineData("%ff:1")]
    public async Task Write_FenceThatIsNone_IsRefused(string fence) =>
        (await cluster.Api.PutAsync(Routes.Key(_key), """{"value":1}""", (Headers.Fencing, fence)))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, Headers.Fencing);

    private async Task<long> AcquireAsync(string owner) =>
        (await cluster.Api.PostAsync($"{Routes.Lock(_lock)}/acquire", $$"""{"owner":"{{owner}}"}""")).Ok()["fencingToken"].GetInt64();

    private Task<Answer> PutAsync(long token) => cluster.Api.PutAsync(Routes.Key(_key), """{"value":1}""", Fence(token));

    private (string, string) Fence(long token) => (Headers.Fencing, $"{Uri.EscapeDataString(_lock)}:{token}");
}
