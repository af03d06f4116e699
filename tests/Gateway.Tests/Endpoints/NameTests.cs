using System.Net;
using System.Net.Sockets;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>Keys and names may hold any character that a path can carry, which is all but NUL, and are what the client encoded: no more, no less.</summary>
[Collection(ClusterCollection.Name)]
public sealed class NameTests(ClusterFixture cluster)
{
    public static readonly TheoryData<string> Names =
    [
        "a/b", "/", "//", "a%2Fb", "%2F", "%", "%25", "100% sure", "a b", " ", "a+b", "+", "a?b#c&d=e", "a:b", "a;b", ".", "..", "../x", "a/../b", "...",
        ".hidden", "trailing.", "é", "日本語", "😀", "\u0001", "line\nbreak", "\"quoted\"", "\\", "<b>'&", "~tilde", "acquire", "UPPER",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Key_OfAnyCharacters_IsStoredUnderExactlyThatName(string name)
    {
        var put = (await cluster.Api.PutAsync(Path(Routes.Kv, name), """{"value":1}""")).Ok();

        Assert.Equal(name, put["key"].GetString());
        Assert.Equal(name, (await cluster.Api.GetAsync(Path(Routes.Kv, name))).Ok()["key"].GetString());
        Assert.Equal(name, cluster.Cluster.Peek(state => state.Kv.Get(name)?.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Lock_OfAnyCharacters_IsTakenAndReleased(string name)
    {
        var path = Path(Routes.Locks, name);
        var granted = (await cluster.Api.PostAsync(path + "/acquire", """{"owner":"me"}""")).Ok();

        Assert.Equal(name, granted["name"].GetString());
        Assert.Equal(name, (await cluster.Api.GetAsync(path)).Ok()["name"].GetString());
        (await cluster.Api.PostAsync(path + "/release", $$"""{"owner":"me","fencingToken":{{granted["fencingToken"].GetInt64()}}}""")).Ok();
    }

    [Theory]
    [InlineData("/api/v1/kv/%41%2d%7E", "A-~")]
    [InlineData("/api/v1/kv/one%2fcase", "one/case")]
    [InlineData("/api/v1/kv/a%252Fb", "a%2Fb")]
    [InlineData("/api/v1/kv/a+b%20c", "a+b c")]
    [InlineData("/API/V1/KV/Case", "Case")]
    [InlineData("/api/v1/kv/query?prefix=a%2Fb", "query")]
    public async Task Key_EncodedInAnyWay_IsDecodedOnce(string path, string name) =>
        Assert.Equal(name, (await cluster.Api.PutAsync(path, """{"value":1}""")).Ok()["key"].GetString());

    [Fact]
    public async Task Key_InATargetInAbsoluteForm_IsDecodedOnce()
    {
        (await cluster.Api.PutAsync(Routes.Key("abs%2Fb"), """{"value":"absolute"}""")).Ok();
        using var socket = new TcpClient();
        await socket.ConnectAsync(cluster.Address.Host, cluster.Address.Port);
        var stream = socket.GetStream();

        var host = cluster.Address.Authority;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET http://{host}{Routes.Key("abs%2Fb")}?x=%2F HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        var answer = await new StreamReader(stream).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("\"absolute\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefix_WithEncodedCharacters_IsDecodedOnce()
    {
        (await cluster.Api.PutAsync(Routes.Key("enc/a%2Fb+c"), """{"value":1}""")).Ok();

        var page = (await cluster.Api.GetAsync($"{Routes.Kv}?prefix={Uri.EscapeDataString("enc/a%2Fb+")}")).Ok();

        Assert.Equal("enc/a%2Fb+c", Assert.Single(page["items"].EnumerateArray()).GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("a%2")]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%ED%A0%80")]
    [InlineData("%C0%AF")]
    public async Task Key_NotDecodable_IsRefused(string segment) =>
        (await cluster.Api.GetAsync($"{Routes.Kv}/{segment}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "key");

    [Theory]
    [InlineData("x", 512)]
    [InlineData("é", 256)]
    [InlineData("😀", 128)]
    public async Task Key_Of512Bytes_IsTheLongest(string character, int count)
    {
        var longest = string.Concat(Enumerable.Repeat(character, count));

        (await cluster.Api.PutAsync(Routes.Key(longest), """{"value":1}""")).Ok();
        (await cluster.Api.PutAsync(Routes.Key(longest + "x"), """{"value":1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "key");
        (await cluster.Api.PostAsync($"{Routes.Lock(longest + "x")}/acquire", """{"owner":"me"}"""))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "name");
    }

    [Fact]
    public async Task Name_Empty_IsNoPath()
    {
        (await cluster.Api.PutAsync($"{Routes.Kv}/", """{"value":1}""")).Problem(HttpStatusCode.MethodNotAllowed, ErrorCodes.MethodNotAllowed);
        (await cluster.Api.PostAsync($"{Routes.Locks}//acquire", """{"owner":"me"}""")).Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound);
    }

    private static string Path(string root, string name) => $"{root}/{Routes.Segment(name)}";
}
