using System.Net;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

public sealed class PayloadLimitTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync("--Gateway:MaxPayloadBytes=2048");

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_UpToTheLimit_IsReadAndNotAByteMore(bool chunked)
    {
        // The framing of chunks counts as well.
        (await PutAsync(chunked ? 2000 : 2048, chunked)).Ok();
        (await PutAsync(2049, chunked)).Problem(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.PayloadTooLarge, "body");
        (await PutAsync(300_000, chunked)).Problem(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.PayloadTooLarge, "body");
    }

    /// <summary>More than sockets hold: a server that closed the connection would cut the client off while it sends.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_FarOverTheLimit_IsTakenInSoThatTheAnswerArrives(bool chunked)
    {
        (await PutAsync(32 << 20, chunked)).Problem(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.PayloadTooLarge, "body");
        (await PutAsync(2000, chunked)).Ok();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OfALockRequest_HasTheSameLimit(bool chunked)
    {
        var body = Body($$"""{"owner":"me","other":"{{new string('x', 4000)}}"}""", chunked);

        (await _cluster.Api.SendAsync(HttpMethod.Post, $"{Routes.Lock("l")}/acquire", body))
            .Problem(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.PayloadTooLarge, "body");
    }

    private Task<Answer> PutAsync(int bytes, bool chunked)
    {
        const string Frame = """{"value":""}""";
        return _cluster.Api.SendAsync(HttpMethod.Put, Routes.Key("k"), Body(Frame.Insert(10, new string('x', bytes - Frame.Length)), chunked));
    }

    private static HttpContent Body(string json, bool chunked)
    {
        if (!chunked)
        {
            return ApiClient.Json(json);
        }

        var content = new StreamContent(new UnseekableStream(Encoding.UTF8.GetBytes(json)));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
