using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class SessionTests(ClusterFixture cluster)
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Open_WithoutBody_LivesThirtySeconds()
    {
        var opened = (await cluster.Api.PostAsync(Routes.Sessions)).Ok(HttpStatusCode.Created);

        Assert.Equal(30_000, opened["ttlMs"].GetInt64());
        Assert.Equal(JsonValueKind.Null, opened["name"].ValueKind);
        Assert.Equal(30, (opened["expiresAt"].GetDateTimeOffset() - opened["createdAt"].GetDateTimeOffset()).TotalSeconds, precision: 3);
        var location = opened.Headers.Location!.ToString();
        Assert.Equal(Routes.Session(Id(opened)), location);
        Assert.Equal(opened.Text, (await cluster.Api.GetAsync(location)).Ok().Text);
    }

    [Fact]
    public async Task Open_WithNameAndTtl_IsListed()
    {
        var id = Id(await OpenAsync($$"""{"name":"{{_name}}","ttlMs":60000}"""));
        var before = (long.Parse(id) - 1).ToString();
        var cursor = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(before));

        var page = (await cluster.Api.GetAsync($"{Routes.Sessions}?limit=1&cursor={cursor}")).Ok();

        var item = Assert.Single(page["items"].EnumerateArray());
        Assert.Equal((id, _name, 60_000), (item.GetProperty("id").GetString(), item.GetProperty("name").GetString(), item.GetProperty("ttlMs").GetInt64()));
    }

    [Fact]
    public async Task List_PageByPage_VisitsEverySessionOnce()
    {
        string[] opened = [Id(await OpenAsync("{}")), Id(await OpenAsync("{}")), Id(await OpenAsync("{}"))];

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await cluster.Api.GetAsync($"{Routes.Sessions}?limit=2&cursor={cursor}")).Ok();
            seen.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Superset(opened.ToHashSet(), seen.ToHashSet());
    }

    [Fact]
    public async Task KeepAlive_OpenSession_MovesItsEnd()
    {
        var opened = await OpenAsync("""{"ttlMs":60000}""");
        var alive = (await cluster.Api.PostAsync($"{Routes.Session(Id(opened))}/keepalive")).Ok();

        Assert.Equal(Id(opened), Id(alive));
        Assert.True(alive["expiresAt"].GetDateTimeOffset() >= opened["expiresAt"].GetDateTimeOffset());
    }

    [Fact]
    public async Task Session_NotKeptAlive_EndsAndReleasesItsLocks()
    {
        var id = Id(await OpenAsync("""{"ttlMs":1000}"""));
        var granted = (await AcquireAsync($$"""{"owner":"bound","sessionId":"{{id}}"}""")).Ok();
        Assert.Equal(JsonValueKind.Null, granted["expiresAt"].ValueKind);

        (await AcquireAsync("""{"owner":"next","waitMs":60000}""")).Ok();

        (await cluster.Api.GetAsync(Routes.Session(id))).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
    }

    [Fact]
    public async Task Close_OpenSession_ReleasesItsLocksAndEndsItsWaiting()
    {
        var holder = Id(await OpenAsync("{}"));
        var waiter = Id(await OpenAsync("{}"));
        (await AcquireAsync($$"""{"owner":"holder","sessionId":"{{holder}}"}""")).Ok();
        var waiting = AcquireAsync($$"""{"owner":"waiter","sessionId":"{{waiter}}","waitMs":60000}""");
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(_name)?.Waits.Count == 1));

        (await cluster.Api.DeleteAsync(Routes.Session(waiter))).Ok(HttpStatusCode.NoContent);
        (await waiting).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await cluster.Api.DeleteAsync(Routes.Session(holder))).Ok(HttpStatusCode.NoContent);

        (await cluster.Api.GetAsync(Routes.Lock(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
        (await cluster.Api.DeleteAsync(Routes.Session(holder))).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("mine")]
    [InlineData("99999999999999999999")]
    public async Task Session_Unknown_IsNotFoundWhereverItIsNamed(string id)
    {
        (await cluster.Api.GetAsync(Routes.Session(id))).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await cluster.Api.DeleteAsync(Routes.Session(id))).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await cluster.Api.PostAsync($"{Routes.Session(id)}/keepalive")).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/1")).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await AcquireAsync($$"""{"owner":"me","sessionId":"{{id}}"}""")).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
        (await PutAsync("1", id, 1)).Problem(HttpStatusCode.NotFound, ErrorCodes.SessionNotFound);
    }

    [Fact]
    public async Task Write_SameSequence_IsAppliedOnceAndItsOutcomeKept()
    {
        var id = Id(await OpenAsync("{}"));
        var first = (await PutAsync("\"a\"", id, 1)).Ok();
        var retry = (await PutAsync("\"a\"", id, 1)).Ok();

        Assert.Equal(first.Text, retry.Text);
        var outcome = (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/1")).Ok();
        Assert.Equal("committed", outcome["status"].GetString());
        Assert.Equal(first["revision"].GetInt64(), outcome["index"].GetInt64());
        Assert.Equal("kv_written", outcome["result"].GetProperty("kind").GetString());
        Assert.Equal(first["revision"].GetInt64(), outcome["result"].GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task Outcome_OfARefusal_CarriesItsCode()
    {
        var id = Id(await OpenAsync("{}"));
        (await AcquireAsync("""{"owner":"holder"}""")).Ok();
        (await AcquireAsync("""{"owner":"me"}""", (Headers.SessionId, id), (Headers.Sequence, "1"))).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);

        var outcome = (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/1")).Ok()["result"];

        Assert.Equal(ErrorCodes.LockHeld, outcome.GetProperty("kind").GetString());
        Assert.Equal("holder", outcome.GetProperty("holders")[0].GetProperty("owner").GetString());
    }

    [Fact]
    public async Task Outcome_OfAWaitingRequest_BecomesTheFinalOne()
    {
        var id = Id(await OpenAsync("{}"));
        var token = (await AcquireAsync("""{"owner":"holder"}""")).Ok()["fencingToken"].GetInt64();
        var waiting = AcquireAsync("""{"owner":"me","waitMs":60000}""", (Headers.SessionId, id), (Headers.Sequence, "1"));
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(_name)?.Waits.Count == 1));
        Assert.Equal("lock_queued", await OutcomeAsync());

        (await cluster.Api.PostAsync($"{Routes.Lock(_name)}/release", $$"""{"owner":"holder","fencingToken":{{token}}}""")).Ok();
        (await waiting).Ok();

        Assert.Equal("lock_granted", await OutcomeAsync());

        async Task<string?> OutcomeAsync() =>
            (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/1")).Ok()["result"].GetProperty("kind").GetString();
    }

    [Fact]
    public async Task Outcome_NeverSent_IsNotCommitted()
    {
        var id = Id(await OpenAsync("{}"));

        var outcome = (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/7")).Ok();

        Assert.Equal("not_committed", outcome["status"].GetString());
        Assert.Equal((id, 7), (outcome["sessionId"].GetString(), outcome["sequence"].GetInt64()));
        Assert.Equal(JsonValueKind.Null, outcome["result"].ValueKind);
    }

    [Fact]
    public async Task Outcome_NoLongerKept_SaysSo()
    {
        var id = Id(await OpenAsync("{}"));
        (await PutAsync("1", id, 5000)).Ok();

        var old = (await cluster.Api.GetAsync($"{Routes.Session(id)}/outcomes/1")).Problem(HttpStatusCode.Conflict, ErrorCodes.SequenceTooOld);
        Assert.Equal(3977, old["oldestKept"].GetInt64());
        (await PutAsync("1", id, 1)).Problem(HttpStatusCode.Conflict, ErrorCodes.SequenceTooOld);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("one")]
    public async Task Outcome_OfNoSequence_IsRefused(string sequence) =>
        (await cluster.Api.GetAsync($"{Routes.Session(Id(await OpenAsync("{}")))}/outcomes/{sequence}"))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "sequence");

    private async Task<Answer> OpenAsync(string json) => (await cluster.Api.PostAsync(Routes.Sessions, json)).Ok(HttpStatusCode.Created);

    private Task<Answer> AcquireAsync(string json, params (string, string)[] headers) =>
        cluster.Api.PostAsync($"{Routes.Lock(_name)}/acquire", json, headers);

    private Task<Answer> PutAsync(string value, string session, long sequence) => cluster.Api.PutAsync(
        Routes.Key(_name), $$"""{"value":{{value}}}""", (Headers.SessionId, session), (Headers.Sequence, sequence.ToString()));

    private static string Id(Answer session) => session["id"].GetString()!;
}
