using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class TransactionTests(ClusterFixture cluster)
{
    private readonly string _a = $"txn-{Guid.NewGuid():N}/a";
    private readonly string _b = $"txn-{Guid.NewGuid():N}/b";

    [Fact]
    public async Task Transaction_ConditionsHold_DoesAllOfThenAtOneRevision()
    {
        var read = (await cluster.Api.PutAsync(Routes.Key(_a), """{"value":1}""")).Ok()["revision"].GetInt64();

        var done = await RunAsync($$"""
            {"compare":[{"key":"{{_a}}","revision":{{read}} },{"key":"{{_b}}","exists":false}],
             "then":[{"op":"put","key":"{{_a}}","value":{"x":[1, 2]} },{"op":"put","key":"{{_b}}","value":null,"ttlMs":60000},{"op":"get","key":"{{_a}}"}],
             "else":[{"op":"delete","key":"{{_a}}"}]}
            """);

        done.Ok();
        Assert.True(done["succeeded"].GetBoolean());
        var revision = done["revision"].GetInt64();
        var results = done["results"].EnumerateArray().ToList();
        Assert.Equal([true, false, true], results.Select(result => result.GetProperty("exists").GetBoolean()));
        Assert.All(results, result => Assert.Equal(revision, result.GetProperty("revision").GetInt64()));
        Assert.Equal(2, results[2].GetProperty("value").GetProperty("x")[1].GetInt32());
        Assert.Equal("""{"x":[1, 2]}""", (await cluster.Api.GetAsync(Routes.Key(_a))).Ok()["value"].GetRawText());
        Assert.Equal(revision, (await cluster.Api.GetAsync(Routes.Key(_b))).Ok()["revision"].GetInt64());
    }

    [Fact]
    public async Task Transaction_OneConditionFails_DoesAllOfElse()
    {
        (await cluster.Api.PutAsync(Routes.Key(_a), """{"value":1}""")).Ok();

        var done = (await RunAsync($$"""
            {"compare":[{"key":"{{_a}}","value":1},{"key":"{{_a}}","op":">","version":1}],
             "then":[{"op":"put","key":"{{_a}}","value":2},{"op":"put","key":"{{_b}}","value":2}],
             "else":[{"op":"delete","key":"{{_a}}"},{"op":"delete","key":"{{_b}}"}]}
            """)).Ok();

        Assert.False(done["succeeded"].GetBoolean());
        Assert.Equal([true, false], done["results"].EnumerateArray().Select(result => result.GetProperty("exists").GetBoolean()));
        (await cluster.Api.GetAsync(Routes.Key(_a))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        (await cluster.Api.GetAsync(Routes.Key(_b))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
    }

    [Fact]
    public async Task Transaction_WithTheTokenOfALock_WorksOnlyWhileItIsHeld()
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        var held = await client.AcquireLockAsync(_a, new("me"));
        var request = new TransactionRequest(
            Compare: [new(Lock: _a, FencingToken: held.FencingToken, Owner: "me")],
            Then: [new("put", _b, JsonSerializer.SerializeToElement(new { by = "me" }))]);

        var within = await client.RunTransactionAsync(request);
        await client.ReleaseLockAsync(_a, new("me", held.FencingToken));
        var after = await client.RunTransactionAsync(request);

        Assert.True(within.Succeeded);
        Assert.False(after.Succeeded);
        Assert.Empty(after.Results);
        Assert.Equal(within.Revision, (await client.GetKeyAsync(_b)).Revision);
    }

    [Fact]
    public async Task Transaction_RepeatedWithItsIdempotencyKey_GetsTheFirstAnswer()
    {
        var body = $$"""{"compare":[{"key":"{{_a}}","exists":false}],"then":[{"op":"put","key":"{{_a}}","value":1}]}""";

        var first = (await cluster.Api.PostAsync(Routes.Transactions, body, (Headers.IdempotencyKey, _a))).Ok();
        var second = (await cluster.Api.PostAsync(Routes.Transactions, body, (Headers.IdempotencyKey, _a))).Ok();

        Assert.Equal(first.Text, second.Text);
        Assert.True(second["succeeded"].GetBoolean());
    }

    [Fact]
    public async Task Transaction_TransfersUnderContention_KeepTheSum()
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.PutKeyAsync(_a, JsonSerializer.SerializeToElement(100));
        await client.PutKeyAsync(_b, JsonSerializer.SerializeToElement(100));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var moved = 0; moved < 10;)
            {
                var (from, to) = (await client.GetKeyAsync(_a), await client.GetKeyAsync(_b));
                var done = await client.RunTransactionAsync(new TransactionRequest(
                    [new(_a, Revision: from.Revision), new(_b, Revision: to.Revision)],
                    [
                        new("put", _a, JsonSerializer.SerializeToElement(from.Value!.Value.GetInt32() - 1)),
                        new("put", _b, JsonSerializer.SerializeToElement(to.Value!.Value.GetInt32() + 1)),
                    ]));
                moved += done.Succeeded ? 1 : 0;
            }
        }));

        Assert.Equal(60, (await client.GetKeyAsync(_a)).Value!.Value.GetInt32());
        Assert.Equal(140, (await client.GetKeyAsync(_b)).Value!.Value.GetInt32());
    }

    [Theory]
    [InlineData("""{"compare":[null]}""", "compare[0]")]
    [InlineData("""{"compare":[{}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"key":"k","lock":"l"}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"key":"k"}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"key":"k","revision":1,"version":1}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"key":"k","revision":1,"op":"=="}]}""", "compare[0].op")]
    [InlineData("""{"compare":[{"key":"k","value":1,"op":"<"}]}""", "compare[0].op")]
    [InlineData("""{"compare":[{"key":"k","exists":true,"op":"!="}]}""", "compare[0].op")]
    [InlineData("""{"compare":[{"key":"","exists":true}]}""", "compare[0].key")]
    [InlineData("""{"compare":[{"lock":"l"}]}""", "compare[0].fencingToken")]
    [InlineData("""{"then":[null]}""", "then[0]")]
    [InlineData("""{"then":[{"op":"put","key":"k"}]}""", "then[0].value")]
    [InlineData("""{"then":[{"op":"put","key":"k","value":"\ud800"}]}""", "then[0].value")]
    [InlineData("""{"then":[{"op":"put","key":"k","value":1,"ttlMs":0}]}""", "then[0].ttlMs")]
    [InlineData("""{"then":[{"op":"put","value":1}]}""", "then[0].key")]
    [InlineData("""{"then":[{"op":"move","key":"k"}]}""", "then[0].op")]
    [InlineData("""{"else":[{"op":"delete","key":"k"},{"op":"put","key":"k","value":1}]}""", "else[1].key")]
    public async Task Transaction_Invalid_IsRefusedByPlace(string body, string field) =>
        (await RunAsync(body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Fact]
    public async Task Transaction_OfMoreThanAThousand_IsRefused()
    {
        var operations = string.Join(",", Enumerable.Range(0, 1001).Select(i => $$"""{"op":"get","key":"{{i}}"}"""));

        (await RunAsync($$"""{"then":[{{operations}}]}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "then");
    }

    private Task<Answer> RunAsync(string body) => cluster.Api.PostAsync(Routes.Transactions, body);
}
