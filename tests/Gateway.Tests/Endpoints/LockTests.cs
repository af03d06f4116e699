using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Core.Clocks;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class LockTests(ClusterFixture cluster)
{
    private readonly string _name = $"lock/{Guid.NewGuid():N}";

    [Fact]
    public async Task Acquire_FreeLock_IsGrantedForThirtySeconds()
    {
        var granted = (await AcquireAsync("""{"owner":"me"}""")).Ok();

        Assert.Equal(_name, granted["name"].GetString());
        Assert.Equal("me", granted["owner"].GetString());
        Assert.Equal("exclusive", granted["mode"].GetString());
        Assert.Equal(1, granted["count"].GetInt32());
        Assert.True(granted["fencingToken"].GetInt64() > 0);
        Assert.Equal(30, (granted["expiresAt"].GetDateTimeOffset() - granted["acquiredAt"].GetDateTimeOffset()).TotalSeconds, precision: 3);
    }

    [Fact]
    public async Task Acquire_SameOwnerWithAnEarlierLimit_KeepsToItWhileTheOtherWaitsOn()
    {
        var token = Token(await AcquireAsync("""{"owner":"holder"}"""));
        var patient = AcquireAsync("""{"owner":"me","waitMs":60000}""");
        await WaitersAsync(1);

        (await AcquireAsync("""{"owner":"me"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);
        var hasty = (await AcquireAsync("""{"owner":"me","waitMs":200}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);
        (await AcquireAsync("""{"owner":"me","mode":"shared","waitMs":200}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.AlreadyWaiting);

        Assert.Equal("holder", Assert.Single(hasty["holders"].EnumerateArray()).GetProperty("owner").GetString());
        Assert.False(patient.IsCompleted);
        await ReleaseAsync("holder", token);
        await ReleaseAsync("me", Token(await patient));
    }

    [Fact]
    public async Task Acquire_SameOwnerWithALaterLimit_WaitsOnWhenTheOtherHasGivenUp()
    {
        var token = Token(await AcquireAsync("""{"owner":"holder"}"""));
        var hasty = AcquireAsync("""{"owner":"me","waitMs":500}""");
        await WaitersAsync(1);
        var patient = AcquireAsync("""{"owner":"me","waitMs":60000}""");

        (await hasty).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);
        await WaitersAsync(1);
        Assert.False(patient.IsCompleted);
        await ReleaseAsync("holder", token);
        await ReleaseAsync("me", Token(await patient));
    }

    [Fact]
    public async Task Acquire_SameOwnerWithALaterLimitGoesAway_NobodyIsLeftWaiting()
    {
        await AcquireAsync("""{"owner":"holder"}""");
        var hasty = AcquireAsync("""{"owner":"me","waitMs":2000}""");
        await WaitersAsync(1);
        var until = Until();
        using var impatience = new CancellationTokenSource();
        var patient = cluster.Api.SendAsync(
            HttpMethod.Post, $"{Routes.Lock(_name)}/acquire", ApiClient.Json("""{"owner":"me","waitMs":600000}"""), [], impatience.Token);
        await Eventually.HoldsAsync(() => Until() > until);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient);

        (await hasty).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);
        await WaitersAsync(0);

        HlcTimestamp Until() => cluster.Cluster.Peek(state => state.Locks.Get(_name)!.Waits[0].Until);
    }

    [Fact]
    public async Task Get_HeldLock_ShowsHoldersAndWaitersInOrder()
    {
        var token = Token(await AcquireAsync("""{"owner":"first"}"""));
        var second = AcquireAsync("""{"owner":"second","waitMs":60000}""");
        await WaitersAsync(1);
        var third = AcquireAsync("""{"owner":"third","mode":"shared","waitMs":60000}""");
        await WaitersAsync(2);

        var view = (await cluster.Api.GetAsync(Routes.Lock(_name))).Ok();

        Assert.Equal(_name, view["name"].GetString());
        Assert.Equal("exclusive", view["mode"].GetString());
        Assert.Equal(token, view["fencingToken"].GetInt64());
        Assert.Equal("first", Assert.Single(view["holders"].EnumerateArray()).GetProperty("owner").GetString());
        Assert.Equal(
            [("second", "exclusive", 1), ("third", "shared", 2)],
            view["waiters"].EnumerateArray().Select(waiter => (
                waiter.GetProperty("owner").GetString(), waiter.GetProperty("mode").GetString(), waiter.GetProperty("position").GetInt32())));

        await ReleaseAsync("first", token);
        await ReleaseAsync("second", Token(await second));
        await ReleaseAsync("third", Token(await third));
        (await cluster.Api.GetAsync(Routes.Lock(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
    }

    [Fact]
    public async Task Acquire_HeldByAnother_NamesTheHolders()
    {
        var token = Token(await AcquireAsync("""{"owner":"holder"}"""));

        var refused = (await AcquireAsync("""{"owner":"other"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);

        var holder = Assert.Single(refused["holders"].EnumerateArray());
        Assert.Equal("holder", holder.GetProperty("owner").GetString());
        Assert.Equal(token, holder.GetProperty("fencingToken").GetInt64());
    }

    [Fact]
    public async Task Acquire_SharedBySeveral_IsGrantedToAll()
    {
        (await AcquireAsync("""{"owner":"a","mode":"shared"}""")).Ok();
        (await AcquireAsync("""{"owner":"b","mode":"shared"}""")).Ok();

        var refused = (await AcquireAsync("""{"owner":"c"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);

        Assert.Equal(2, refused["holders"].GetArrayLength());
        Assert.Equal("shared", (await cluster.Api.GetAsync(Routes.Lock(_name))).Ok()["mode"].GetString());
    }

    [Fact]
    public async Task Acquire_AgainByTheOwner_IsCountedAndReleasedAsOften()
    {
        var token = Token(await AcquireAsync("""{"owner":"me"}"""));
        var again = (await AcquireAsync("""{"owner":"me"}""")).Ok();

        Assert.Equal(2, again["count"].GetInt32());
        Assert.Equal(token, again["fencingToken"].GetInt64());
        Assert.Equal(1, (await ReleaseAsync("me", token)).Ok()["remaining"].GetInt32());
        Assert.Equal(0, (await ReleaseAsync("me", token)).Ok()["remaining"].GetInt32());
    }

    [Fact]
    public async Task Acquire_Waiting_IsGrantedOnReleaseWithAHigherToken()
    {
        var token = Token(await AcquireAsync("""{"owner":"first"}"""));
        var second = AcquireAsync("""{"owner":"second","waitMs":60000}""");
        await WaitersAsync(1);
        Assert.False(second.IsCompleted);

        (await ReleaseAsync("first", token)).Ok();

        Assert.True(Token(await second) > token);
    }

    [Fact]
    public async Task Acquire_Waiting_IsGrantedWhenTheHolderExpires()
    {
        var token = Token(await AcquireAsync("""{"owner":"first","ttlMs":300}"""));

        Assert.True(Token(await AcquireAsync("""{"owner":"second","waitMs":60000}""")) > token);
    }

    [Fact]
    public async Task Acquire_WaitedLongEnough_IsRefusedWithTheHolders()
    {
        (await AcquireAsync("""{"owner":"first"}""")).Ok();

        var refused = (await AcquireAsync("""{"owner":"second","waitMs":200}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);

        Assert.Equal("first", refused["holders"][0].GetProperty("owner").GetString());
        await WaitersAsync(0);
    }

    [Fact]
    public async Task Acquire_ClientGoesAwayWhileWaiting_LeavesTheQueue()
    {
        (await AcquireAsync("""{"owner":"first"}""")).Ok();
        using var impatience = new CancellationTokenSource();
        var second = cluster.Api.SendAsync(
            HttpMethod.Post, $"{Routes.Lock(_name)}/acquire", ApiClient.Json("""{"owner":"second","waitMs":600000}"""), [], impatience.Token);
        await WaitersAsync(1);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await WaitersAsync(0);
    }

    [Fact]
    public async Task Acquire_SameIdempotencyKeyWhileWaiting_IsOneRequestWithOneAnswer()
    {
        var key = (Headers.IdempotencyKey, Guid.NewGuid().ToString());
        var token = Token(await AcquireAsync("""{"owner":"first"}"""));
        var second = AcquireAsync("""{"owner":"second","waitMs":60000}""", key);
        await WaitersAsync(1);
        var retry = AcquireAsync("""{"owner":"second","waitMs":60000}""", key);

        (await ReleaseAsync("first", token)).Ok();

        Assert.Equal((await second).Ok().Text, (await retry).Ok().Text);
        Assert.Equal((await second).Text, (await AcquireAsync("""{"owner":"second","waitMs":60000}""", key)).Ok().Text);
    }

    [Fact]
    public async Task Acquire_ThatWouldDeadlock_IsRefusedWithTheCycle()
    {
        var (one, two) = ($"{_name}/1", $"{_name}/2");
        var first = Token(await AcquireAsync("""{"owner":"alice"}""", one));
        (await AcquireAsync("""{"owner":"bob"}""", two)).Ok();
        var waiting = AcquireAsync("""{"owner":"bob","waitMs":60000}""", one);
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(one)?.Waits.Count == 1));

        var graph = (await cluster.Api.GetAsync(Routes.WaitGraph)).Ok();
        var edge = Assert.Single(graph["edges"].EnumerateArray(), edge => edge.GetProperty("lock").GetString() == one);
        Assert.Equal(("bob", "alice"), (edge.GetProperty("waiter").GetString(), edge.GetProperty("holder").GetString()));

        var refused = (await AcquireAsync("""{"owner":"alice","waitMs":60000}""", two)).Problem(HttpStatusCode.Conflict, ErrorCodes.Deadlock);

        Assert.Equal(
            [("alice", two, "bob"), ("bob", one, "alice")],
            refused["cycle"].EnumerateArray().Select(step => (
                step.GetProperty("owner").GetString(), step.GetProperty("lock").GetString(), step.GetProperty("heldBy").GetString())));
        var past = (await cluster.Api.GetAsync(Routes.WaitGraph)).Ok()["deadlocks"][0];
        Assert.Equal(("alice", two, 2), (past.GetProperty("victim").GetString(), past.GetProperty("lock").GetString(), past.GetProperty("cycle").GetArrayLength()));

        (await cluster.Api.PostAsync($"{Routes.Lock(one)}/release", Holding("alice", first))).Ok();
        (await waiting).Ok();
    }

    [Fact]
    public async Task Renew_Held_LivesLonger()
    {
        var granted = (await AcquireAsync("""{"owner":"me","ttlMs":10000}""")).Ok();
        var token = Token(granted);

        var renewed = (await cluster.Api.PostAsync($"{Routes.Lock(_name)}/renew", $$"""{"owner":"me","fencingToken":{{token}},"ttlMs":60000}""")).Ok();

        Assert.Equal(token, renewed["fencingToken"].GetInt64());
        Assert.True(renewed["expiresAt"].GetDateTimeOffset() > granted["expiresAt"].GetDateTimeOffset());
    }

    [Fact]
    public async Task RenewAndRelease_WithAnotherToken_AreStale()
    {
        var token = Token(await AcquireAsync("""{"owner":"me"}"""));

        var stale = (await cluster.Api.PostAsync($"{Routes.Lock(_name)}/renew", Holding("me", token + 1)))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        Assert.Equal(token, stale["newestToken"].GetInt64());
        (await ReleaseAsync("other", token)).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        (await ReleaseAsync("me", token)).Ok();
        var released = (await ReleaseAsync("me", token)).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        Assert.Equal(JsonValueKind.Null, released["newestToken"].ValueKind);
    }

    [Fact]
    public async Task ForceRelease_HeldLock_GoesToTheFirstWaiter()
    {
        var token = Token(await AcquireAsync("""{"owner":"stuck"}"""));
        var next = AcquireAsync("""{"owner":"next","waitMs":60000}""");
        await WaitersAsync(1);

        var forced = (await cluster.Api.DeleteAsync(Routes.Lock(_name), (Headers.Reason, "the%20holder%20is%20gone%20%E2%80%93%20ticket%207"))).Ok();

        Assert.Equal("stuck", Assert.Single(forced["released"].EnumerateArray()).GetProperty("owner").GetString());
        Assert.True(Token(await next) > token);
        (await ReleaseAsync("stuck", token)).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
    }

    [Fact]
    public async Task GetAndForceRelease_FreeLock_AreNotFound()
    {
        (await cluster.Api.GetAsync(Routes.Lock(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
        (await cluster.Api.DeleteAsync(Routes.Lock(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
    }

    [Fact]
    public async Task List_ByPrefix_PagesByName()
    {
        foreach (var suffix in (string[])["/c", "/a", "/b"])
        {
            (await AcquireAsync("""{"owner":"me"}""", _name + suffix)).Ok();
        }

        var prefix = Uri.EscapeDataString(_name);
        var first = (await cluster.Api.GetAsync($"{Routes.Locks}?prefix={prefix}&limit=2")).Ok();
        var second = (await cluster.Api.GetAsync($"{Routes.Locks}?prefix={prefix}&limit=2&cursor={first["nextCursor"].GetString()}")).Ok();

        Assert.Equal([_name + "/a", _name + "/b"], first["items"].EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal([_name + "/c"], second["items"].EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, second["nextCursor"].ValueKind);
    }

    private Task<Answer> AcquireAsync(string json, params (string, string)[] headers) => AcquireAsync(json, _name, headers);

    private Task<Answer> AcquireAsync(string json, string name, params (string, string)[] headers) =>
        cluster.Api.PostAsync($"{Routes.Lock(name)}/acquire", json, headers);

    private Task<Answer> ReleaseAsync(string owner, long token) => cluster.Api.PostAsync($"{Routes.Lock(_name)}/release", Holding(owner, token));

    private Task WaitersAsync(int count) =>
        Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => (state.Locks.Get(_name)?.Waits.Count ?? 0) == count));

    private static string Holding(string owner, long token) => $$"""{"owner":"{{owner}}","fencingToken":{{token}}}""";

    private static long Token(Answer granted) => granted.Ok()["fencingToken"].GetInt64();
}
