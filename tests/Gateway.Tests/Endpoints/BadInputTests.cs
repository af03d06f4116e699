using System.Net;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class BadInputTests(ClusterFixture cluster)
{
    private const string Key = "/api/v1/kv/bad-input";
    private const string Lock = "/api/v1/locks/bad-input";

    private static readonly string LongText = new('o', 513);

    public static readonly TheoryData<string, string, string, string> InvalidMembers = new()
    {
        { "PUT", Key, "{}", "value" },
        { "PUT", Key, """{"Value":1}""", "value" },
        { "PUT", Key, """{"value":"\ud800"}""", "value" },
        { "PUT", Key, """{"value":{"\udc00":1}}""", "value" },
        { "PUT", Key, $$"""{"value":{{new string('[', 49)}}{{new string(']', 49)}}}""", "value" },
        { "PUT", Key, """{"value":1,"ttlMs":0}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":-1}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":31536000001}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":99999999999999999999}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":100.5}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":"100"}""", "ttlMs" },
        { "PUT", Key, """{"value":1,"ttlMs":[]}""", "ttlMs" },
        { "POST", Lock + "/acquire", "{}", "owner" },
        { "POST", Lock + "/acquire", """{"owner":null}""", "owner" },
        { "POST", Lock + "/acquire", """{"owner":""}""", "owner" },
        { "POST", Lock + "/acquire", """{"owner":5}""", "owner" },
        { "POST", Lock + "/acquire", """{"owner":"\ud800"}""", "owner" },
        { "POST", Lock + "/acquire", $$"""{"owner":"{{LongText}}"}""", "owner" },
        { "POST", Lock + "/acquire", """{"owner":"me","mode":"both"}""", "mode" },
        { "POST", Lock + "/acquire", """{"owner":"me","mode":""}""", "mode" },
        { "POST", Lock + "/acquire", """{"owner":"me","mode":1}""", "mode" },
        { "POST", Lock + "/acquire", """{"owner":"me","ttlMs":0}""", "ttlMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","ttlMs":-5}""", "ttlMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","ttlMs":86400001}""", "ttlMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","ttlMs":"1000"}""", "ttlMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","waitMs":-1}""", "waitMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","waitMs":600001}""", "waitMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","waitMs":true}""", "waitMs" },
        { "POST", Lock + "/acquire", """{"owner":"me","sessionId":7}""", "sessionId" },
        { "POST", Lock + "/renew", """{"owner":"me"}""", "fencingToken" },
        { "POST", Lock + "/renew", """{"fencingToken":1}""", "owner" },
        { "POST", Lock + "/renew", """{"owner":"me","fencingToken":1,"ttlMs":0}""", "ttlMs" },
        { "POST", Lock + "/renew", """{"owner":"me","fencingToken":0}""", "fencingToken" },
        { "POST", Lock + "/release", """{"owner":"me"}""", "fencingToken" },
        { "POST", Lock + "/release", """{"owner":"me","fencingToken":null}""", "fencingToken" },
        { "POST", Lock + "/release", """{"owner":"me","fencingToken":-1}""", "fencingToken" },
        { "POST", Lock + "/release", """{"owner":"me","fencingToken":"1"}""", "fencingToken" },
        { "POST", Lock + "/release", """{"fencingToken":1}""", "owner" },
        { "POST", Routes.Sessions, """{"ttlMs":99}""", "ttlMs" },
        { "POST", Routes.Sessions, """{"ttlMs":-1}""", "ttlMs" },
        { "POST", Routes.Sessions, """{"ttlMs":86400001}""", "ttlMs" },
        { "POST", Routes.Sessions, $$"""{"name":"{{LongText}}"}""", "name" },
        { "POST", Routes.Sessions, """{"name":"\udfff"}""", "name" },
        { "POST", Routes.Leadership, """{"target":""}""", "target" },
        { "POST", Routes.Leadership, """{"target":7}""", "target" },
    };

    public static readonly TheoryData<string, string, string, string> InvalidHeaders = new()
    {
        { "PUT", "If-Match", "W/\"12\"", "If-Match" },
        { "PUT", "If-Match", "twelve", "If-Match" },
        { "PUT", "If-Match", "-1", "If-Match" },
        { "PUT", "If-Match", "\"1\", \"2\"", "If-Match" },
        { "PUT", "If-Match", "99999999999999999999", "If-Match" },
        { "DELETE", "If-Match", "\"", "If-Match" },
        { "PUT", "If-None-Match", "12", "If-None-Match" },
        { "PUT", Headers.IdempotencyKey, "", Headers.IdempotencyKey },
        { "PUT", Headers.IdempotencyKey, new string('k', 129), Headers.IdempotencyKey },
        { "DELETE", Headers.Reason, new string('r', 513), Headers.Reason },
        { "DELETE", Headers.Reason, "line%0Abreak", Headers.Reason },
        { "PUT", Headers.SessionId, "1", Headers.Sequence },
        { "PUT", Headers.Sequence, "1", Headers.SessionId },
    };

    [Theory]
    [MemberData(nameof(InvalidMembers))]
    public async Task Body_WithAnInvalidMember_IsRefusedByName(string method, string path, string body, string field) =>
        (await cluster.Api.SendAsync(new HttpMethod(method), path, ApiClient.Json(body))).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Theory]
    [MemberData(nameof(InvalidHeaders))]
    public async Task Header_Invalid_IsRefusedByName(string method, string header, string value, string field)
    {
        var body = method == "PUT" ? ApiClient.Json("""{"value":1}""") : null;

        (await cluster.Api.SendAsync(new HttpMethod(method), Key, body, (header, value))).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);
    }

    [Fact]
    public async Task Header_BothPreconditions_AreRefused() =>
        (await cluster.Api.PutAsync(Key, """{"value":1}""", ("If-Match", "1"), ("If-None-Match", "*")))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "If-None-Match");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("first")]
    public async Task Header_SequenceBelowOne_IsRefused(string sequence) =>
        (await cluster.Api.PutAsync(Key, """{"value":1}""", (Headers.SessionId, "1"), (Headers.Sequence, sequence)))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, Headers.Sequence);

    [Theory]
    [InlineData("PUT", Key, "")]
    [InlineData("PUT", Key, "nonsense")]
    [InlineData("PUT", Key, "[]")]
    [InlineData("PUT", Key, "7")]
    [InlineData("PUT", Key, """{"value":1""")]
    [InlineData("PUT", Key, """{"value":}""")]
    [InlineData("PUT", Key, """{"value":1,}""")]
    [InlineData("PUT", Key, """{"value":1}{}""")]
    [InlineData("PUT", Key, """{"value":01}""")]
    [InlineData("PUT", Key, """{"value":"\x"}""")]
    [InlineData("PUT", Key, """{"value":1 /* why */}""")]
    [InlineData("POST", Lock + "/acquire", "")]
    [InlineData("POST", Lock + "/acquire", "null")]
    [InlineData("POST", Lock + "/acquire", "[]")]
    [InlineData("POST", Lock + "/acquire", "\"text\"")]
    [InlineData("POST", Lock + "/acquire", """{"owner":"me" """)]
    [InlineData("POST", Lock + "/acquire", """{"owner":"me"} trailing""")]
    [InlineData("POST", Lock + "/release", "{{}")]
    [InlineData("POST", Routes.Sessions, "[")]
    [InlineData("POST", Routes.Leadership, "nope")]
    public async Task Body_Malformed_IsRefused(string method, string path, string body) =>
        (await cluster.Api.SendAsync(new HttpMethod(method), path, ApiClient.Json(body)))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.MalformedBody, "body");

    [Fact]
    public async Task Body_NotUtf8_IsRefused()
    {
        byte[] body = [.. "{\"value\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        (await cluster.Api.SendAsync(HttpMethod.Put, Key, ApiClient.Json(body))).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "value");
    }

    [Theory]
    [InlineData("PUT", Key)]
    [InlineData("POST", Lock + "/acquire")]
    [InlineData("POST", Lock + "/renew")]
    [InlineData("POST", Lock + "/release")]
    public async Task Body_OfAnotherType_IsRefused(string method, string path)
    {
        var form = new StringContent("value=1", Encoding.UTF8, "application/x-www-form-urlencoded");
        (await cluster.Api.SendAsync(new HttpMethod(method), path, form))
            .Problem(HttpStatusCode.UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "Content-Type");

        var untyped = new ByteArrayContent("{}"u8.ToArray());
        (await cluster.Api.SendAsync(new HttpMethod(method), path, untyped))
            .Problem(HttpStatusCode.UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "Content-Type");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=*", "cursor")]
    [InlineData("cursor=%2F%2F%2F", "cursor")]
    [InlineData("cursor=_w", "cursor")]
    public async Task List_WithABadPage_IsRefused(string query, string field)
    {
        foreach (var list in (string[])[Routes.Kv, Routes.Locks, Routes.Sessions, Routes.Leaders])
        {
            (await cluster.Api.GetAsync($"{list}?{query}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);
        }
    }

    [Theory]
    [InlineData(Routes.Sessions)]
    [InlineData(Routes.Leaders)]
    public async Task List_WithTheCursorOfAnotherList_IsRefused(string list) =>
        (await cluster.Api.GetAsync($"{list}?cursor=YWJj")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "cursor");

    [Fact]
    public async Task List_WithAPrefixLongerThanAnyName_IsRefused() =>
        (await cluster.Api.GetAsync($"{Routes.Kv}?prefix={new string('p', 513)}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "prefix");

    [Theory]
    [InlineData("maybe")]
    [InlineData("")]
    [InlineData("1")]
    public async Task Member_DryRunNeitherTrueNorFalse_IsRefusedAndChangesNothing(string dryRun)
    {
        (await cluster.Api.DeleteAsync($"{Routes.Members}/n1?dryRun={dryRun}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "dryRun");

        Assert.Equal(3, (await cluster.Api.GetAsync(Routes.Members)).Ok()["items"].GetArrayLength());
    }

    [Theory]
    [InlineData("limit=")]
    [InlineData("limit=1")]
    [InlineData("limit=1000")]
    [InlineData("cursor=")]
    public async Task List_AtTheEdges_IsServed(string query) => (await cluster.Api.GetAsync($"{Routes.Kv}?{query}")).Ok();

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/kv")]
    [InlineData("/api/v1/kv/a/b")]
    [InlineData("/api/v1/../../healthz/live")]
    public async Task Path_Unknown_IsAProblem(string path) =>
        (await cluster.Api.GetAsync(path)).Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound);

    [Theory]
    [InlineData("PATCH", Key)]
    [InlineData("POST", Key)]
    [InlineData("GET", Lock + "/acquire")]
    [InlineData("DELETE", Routes.Cluster)]
    [InlineData("PUT", Routes.Sessions)]
    public async Task Method_NotSupported_IsAProblemWithTheOnesThatAre(string method, string path)
    {
        var answer = (await cluster.Api.SendAsync(new HttpMethod(method), path)).Problem(HttpStatusCode.MethodNotAllowed, ErrorCodes.MethodNotAllowed);

        Assert.NotEmpty(answer.ContentHeaders.Allow);
    }
}
