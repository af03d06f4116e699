using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class SemaphoreTests(ClusterFixture cluster)
{
    private readonly string _name = $"pool/{Guid.NewGuid():N}";

    [Fact]
    public async Task Acquire_Permits_AreGrantedUntilNoneIsLeft()
    {
        var first = (await AcquireAsync("""{"owner":"a","permits":3,"take":2}""")).Ok();
        var second = (await AcquireAsync("""{"owner":"b","permits":3,"mode":"semaphore"}""")).Ok();
        (await AcquireAsync("""{"owner":"c","permits":3}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);

        Assert.Equal(("semaphore", 2, 1), (first["mode"].GetString(), first["permits"].GetInt32(), second["permits"].GetInt32()));
        Assert.True(second["fencingToken"].GetInt64() > first["fencingToken"].GetInt64());
        var view = (await cluster.Api.GetAsync(Routes.Lock(_name))).Ok();
        Assert.Equal(("semaphore", 3, 0), (view["mode"].GetString(), view["permits"].GetInt32(), view["available"].GetInt32()));

        (await ReleaseAsync("a", first)).Ok();
        (await AcquireAsync("""{"owner":"c","permits":3}""")).Ok();
        Assert.Equal(1, (await cluster.Api.GetAsync(Routes.Lock(_name))).Ok()["available"].GetInt32());
    }

    [Fact]
    public async Task Acquire_OfAnotherSizeOrAsALock_IsRefusedWithTheSize()
    {
        (await AcquireAsync("""{"owner":"a","permits":3}""")).Ok();

        var other = (await AcquireAsync("""{"owner":"b","permits":4}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.PermitsMismatch);
        var plain = (await AcquireAsync("""{"owner":"b"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.PermitsMismatch);

        Assert.Equal((3, 3), (other["permits"].GetInt32(), plain["permits"].GetInt32()));
    }

    [Theory]
    [InlineData("""{"owner":"a","permits":0}""", "permits")]
    [InlineData("""{"owner":"a","permits":1000001}""", "permits")]
    [InlineData("""{"owner":"a","mode":"semaphore"}""", "permits")]
    [InlineData("""{"owner":"a","permits":2,"take":3}""", "take")]
    [InlineData("""{"owner":"a","permits":2,"take":0}""", "take")]
    [InlineData("""{"owner":"a","take":1}""", "take")]
    [InlineData("""{"owner":"a","permits":2,"mode":"shared"}""", "mode")]
    public async Task Acquire_PermitsOutOfRange_AreRefused(string body, string field) =>
        (await AcquireAsync(body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Fact]
    public async Task AcquireTogether_AllFree_AreGrantedInOrderOfNameWithATokenEach()
    {
        var granted = (await TogetherAsync("me", 0, "b", "a")).Ok();

        Assert.Equal([_name + "a", _name + "b"], Names(granted));
        Assert.All(granted["locks"].EnumerateArray(), each => Assert.True(each.GetProperty("fencingToken").GetInt64() > 0));
        var held = granted["locks"].EnumerateArray().Select(each => new { name = each.GetProperty("name").GetString(), fencingToken = each.GetProperty("fencingToken").GetInt64() });
        var body = JsonSerializer.Serialize(new { owner = "me", locks = held.Append(new { name = (string?)_name, fencingToken = 7L }), ttlMs = 60_000 });
        Assert.Equal([true, true, false], Oks(await cluster.Api.PostAsync(Routes.RenewLocks, body)));
        Assert.Equal([true, true, false], Oks(await cluster.Api.PostAsync(Routes.ReleaseLocks, body)));
        (await cluster.Api.GetAsync(Routes.Lock(_name + "a"))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);
    }

    [Fact]
    public async Task AcquireTogether_OneHeld_TakesNoneAndNamesIt()
    {
        var held = (await AcquireAsync("""{"owner":"other"}""", _name + "b")).Ok();

        var refused = (await TogetherAsync("me", 0, "a", "b")).Problem(HttpStatusCode.Conflict, ErrorCodes.LockHeld);
        Assert.Equal(_name + "b", Assert.Single(refused["locks"].EnumerateArray()).GetString());
        (await cluster.Api.GetAsync(Routes.Lock(_name + "a"))).Problem(HttpStatusCode.NotFound, ErrorCodes.LockNotFound);

        var waiting = TogetherAsync("me", 60_000, "a", "b");
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(_name + "a")?.Waits.Count == 1));
        (await cluster.Api.PostAsync($"{Routes.Lock(_name + "a")}/acquire", """{"owner":"me"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.AlreadyWaiting);
        (await ReleaseAsync("other", held, _name + "b")).Ok();
        Assert.Equal(2, (await waiting).Ok()["locks"].GetArrayLength());
    }

    [Fact]
    public async Task AcquireTogether_ClientGoesAway_LeavesEveryQueue()
    {
        (await AcquireAsync("""{"owner":"other"}""", _name + "b")).Ok();
        using var impatience = new CancellationTokenSource();
        var waiting = cluster.Api.SendAsync(HttpMethod.Post, Routes.AcquireLocks, ApiClient.Json(Body("me", 600_000, "a", "b")), [], impatience.Token);
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(_name + "b")?.Waits.Count == 1));

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get(_name + "a") is null && state.Locks.Get(_name + "b")!.Waits.Count == 0));
    }

    [Theory]
    [InlineData("""{"owner":"a","locks":[]}""")]
    [InlineData("""{"owner":"a"}""")]
    [InlineData("""{"owner":"a","locks":[{"name":"x"},{"name":"x"}]}""")]
    [InlineData("""{"owner":"a","locks":[{"name":""}]}""")]
    public async Task AcquireTogether_NoProperList_IsRefused(string body) =>
        (await cluster.Api.PostAsync(Routes.AcquireLocks, body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "locks");

    [Fact]
    public async Task AcquireTogether_MoreThanSixtyFour_IsRefused() =>
        (await TogetherAsync("me", 0, [.. Enumerable.Range(0, 65).Select(i => i.ToString())])).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "locks");

    private Task<Answer> AcquireAsync(string json, string? name = null) => cluster.Api.PostAsync($"{Routes.Lock(name ?? _name)}/acquire", json);

    private Task<Answer> ReleaseAsync(string owner, Answer granted, string? name = null) => cluster.Api.PostAsync(
        $"{Routes.Lock(name ?? _name)}/release", $$"""{"owner":"{{owner}}","fencingToken":{{granted["fencingToken"].GetInt64()}}}""");

    private Task<Answer> TogetherAsync(string owner, long waitMs, params string[] suffixes) =>
        cluster.Api.PostAsync(Routes.AcquireLocks, Body(owner, waitMs, suffixes));

    private string Body(string owner, long waitMs, params string[] suffixes) =>
        JsonSerializer.Serialize(new { owner, waitMs, locks = suffixes.Select(suffix => new { name = _name + suffix }) });

    private static IEnumerable<string?> Names(Answer answer) => answer["locks"].EnumerateArray().Select(each => each.GetProperty("name").GetString());

    private static IEnumerable<bool> Oks(Answer answer) => answer.Ok()["locks"].EnumerateArray().Select(each => each.GetProperty("ok").GetBoolean());
}
