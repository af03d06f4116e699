using System.Net;
using System.Security.Cryptography;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class BlobTests(ClusterFixture cluster)
{
    private const int Chunk = 1 << 20;

    private readonly string _id = $"blob/{Guid.NewGuid():N}";

    private string Path => Routes.Blob(_id);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Chunk, 1)]
    [InlineData(Chunk + 1, 2)]
    [InlineData((5 * Chunk) + 77, 6)]
    public async Task Put_AnySize_IsReadBackAsItWas(int size, int chunks)
    {
        var content = Content(size);
        var put = (await PutAsync(content)).Ok(HttpStatusCode.Created);

        Assert.Equal((size, chunks, Hash(content)), (put["size"].GetInt32(), put["chunks"].GetInt32(), put["sha256"].GetString()));
        Assert.Equal($"\"{Hash(content)}\"", put.Headers.ETag!.Tag);
        Assert.Equal(content, await ReadAsync());
        Assert.Equal(_id, (await cluster.Api.GetAsync($"{Routes.Blobs}?prefix={Routes.Segment(_id)}")).Ok()["items"][0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Put_WithoutALength_IsReadBackAsItWas()
    {
        var content = Content((3 * Chunk) + 5);
        var answer = await cluster.Api.SendAsync(HttpMethod.Put, Path, new Unannounced(content));

        answer.Ok(HttpStatusCode.Created);
        Assert.Equal(content, await ReadAsync());
    }

    [Fact]
    public async Task Put_Again_ReplacesTheContentAtOnce()
    {
        (await PutAsync(Content(3 * Chunk))).Ok(HttpStatusCode.Created);
        var content = Content(2 * Chunk);

        Assert.False((await PutAsync(content)).Ok()["created"].GetBoolean());
        Assert.Equal(content, await ReadAsync());
    }

    [Fact]
    public async Task Put_InParts_IsVisibleOnlyWithTheLast()
    {
        var content = Content((4 * Chunk) + 9);
        var first = (await PartAsync(content, 0, 2 * Chunk)).Ok(HttpStatusCode.Accepted);
        Assert.Equal("2097152", first.Headers.GetValues(Headers.UploadOffset).Single());
        (await cluster.Api.GetAsync(Path)).Problem(HttpStatusCode.NotFound, "blob_not_found");
        Assert.Equal(2 * Chunk, (await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Ok()["received"].GetInt64());
        Assert.Contains((await cluster.Api.GetAsync(Routes.BlobTransfers)).Ok()["items"].EnumerateArray(), item =>
            item.GetProperty("id").GetString() == _id && item.GetProperty("paused").GetBoolean());

        (await PartAsync(content, 2 * Chunk, content.Length)).Ok(HttpStatusCode.Created);

        Assert.Equal(content, await ReadAsync());
        (await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Problem(HttpStatusCode.NotFound, "upload_not_found");
    }

    [Fact]
    public async Task Put_EveryByteInPartsAndThenOnlyTheTotal_Completes()
    {
        var content = Content(2 * Chunk);
        var answer = await SendAsync(content[..Chunk], $"bytes 0-{Chunk - 1}/*");
        answer.Ok(HttpStatusCode.Accepted);
        (await SendAsync(content[Chunk..], $"bytes {Chunk}-{(2 * Chunk) - 1}/*")).Ok(HttpStatusCode.Accepted);
        Assert.Equal(2 * Chunk, (await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Ok()["received"].GetInt64());

        (await SendAsync([], $"bytes */{2 * Chunk}")).Ok(HttpStatusCode.Created);

        Assert.Equal(content, await ReadAsync());
    }

    [Fact]
    public async Task Put_APartThatDoesNotContinue_IsRefusedWithWhereToGoOn()
    {
        var content = Content(4 * Chunk);
        (await PartAsync(content, 0, 2 * Chunk)).Ok(HttpStatusCode.Accepted);

        foreach (var (from, to) in ((int, int)[])[(Chunk, 2 * Chunk), (3 * Chunk, 4 * Chunk)])
        {
            Assert.Equal(2 * Chunk, (await PartAsync(content, from, to)).Problem(HttpStatusCode.Conflict, "upload_mismatch")["received"].GetInt64());
        }

        (await SendAsync(content[(2 * Chunk)..], $"bytes {2 * Chunk}-{(4 * Chunk) - 1}/{5 * Chunk}")).Problem(HttpStatusCode.Conflict, "upload_mismatch");
        (await PartAsync(content, 2 * Chunk, 4 * Chunk)).Ok(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("bytes 5-9/100", "content-range")]
    [InlineData("bytes 0-9/100", "content-range")]
    [InlineData("bytes */100", "content-range")]
    [InlineData("lines 0-4/100", "content-range")]
    [InlineData("nonsense", "content-range")]
    public async Task Put_WithAContentRangeThatIsNone_IsRefused(string range, string field) => Assert.Equal(
        field, (await SendAsync(Content(5), range)).Problem(HttpStatusCode.BadRequest, "invalid_argument", "Content-Range")["field"].GetString()!.ToLowerInvariant());

    [Theory]
    [InlineData(5)]
    [InlineData((2 * Chunk) + 5)]
    public async Task Put_WithAWrongChecksum_ChangesNothingAndIsCounted(int size)
    {
        var former = Content(100);
        (await PutAsync(former)).Ok(HttpStatusCode.Created);
        var (before, content) = (await FailuresAsync(), Content(size));

        foreach (var (header, value) in ((string, string)[])
            [(Headers.ContentSha256, Hash(former)), (Headers.ReprDigest, Field(former)), (Headers.ContentDigest, Field(former))])
        {
            Assert.Equal(Hash(content), (await PutAsync(content, (header, value))).Problem(HttpStatusCode.UnprocessableEntity, "wrong_checksum", header)["actual"].GetString());
        }

        Assert.Equal(former, await ReadAsync());
        (await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Problem(HttpStatusCode.NotFound, "upload_not_found");
        Assert.Equal(before + 3, await FailuresAsync());
        (await PutAsync(content, (Headers.ContentSha256, Hash(content)), (Headers.ContentDigest, $"md5=:AAAA:, {Field(content)}"))).Ok();
    }

    [Fact]
    public async Task Put_APartWithAWrongChecksum_KeepsWhatWasBefore()
    {
        var content = Content(3 * Chunk);
        (await PartAsync(content, 0, Chunk)).Ok(HttpStatusCode.Accepted);

        (await PartAsync(content, Chunk, 2 * Chunk, (Headers.ContentDigest, Field(content)))).Problem(HttpStatusCode.UnprocessableEntity, "wrong_checksum", Headers.ContentDigest);

        Assert.Equal(Chunk, (await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Ok()["received"].GetInt64());
        (await PartAsync(content, Chunk, 2 * Chunk, (Headers.ContentDigest, Field(content[Chunk..(2 * Chunk)])))).Ok(HttpStatusCode.Accepted);
        (await PartAsync(content, 2 * Chunk, 3 * Chunk)).Ok(HttpStatusCode.Created);
        Assert.Equal(content, await ReadAsync());
    }

    [Fact]
    public async Task Put_MoreThanABlobMayHave_IsRefused() =>
        (await SendAsync(Content(Chunk), $"bytes 0-{Chunk - 1}/{(16L << 30) + 1}")).Problem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large", "body");

    [Fact]
    public async Task Put_ThatBreaksOff_GoesOnFromWhatWasReceived()
    {
        var content = Content(6 * Chunk);
        using (var limit = new CancellationTokenSource())
        {
            var body = new BrokenOff(content, 4 * Chunk, limit);
            await Assert.ThrowsAnyAsync<Exception>(() => cluster.Api.SendAsync(HttpMethod.Put, Path, body, [], limit.Token));
        }

        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.BlobUpload(_id))) is { Status: HttpStatusCode.OK } upload && upload["received"].GetInt64() >= 3 * Chunk);
        (await cluster.Api.GetAsync(Path)).Problem(HttpStatusCode.NotFound, "blob_not_found");
        await Eventually.HoldsAsync(async () =>
        {
            var received = (int)(await cluster.Api.GetAsync(Routes.BlobUpload(_id))).Ok()["received"].GetInt64();
            return (await PartAsync(content, received, content.Length)).Status == HttpStatusCode.Created;
        });
        Assert.Equal(content, await ReadAsync());
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=1048570-1048585", 1048570, 16)]
    [InlineData("bytes=2097152-", 2097152, 100)]
    [InlineData("bytes=-50", 2097202, 50)]
    [InlineData("bytes=2097200-9999999", 2097200, 52)]
    public async Task Get_ARange_AnswersJustThat(string range, int from, int length)
    {
        var content = Content((2 * Chunk) + 100);
        (await PutAsync(content)).Ok(HttpStatusCode.Created);

        using var response = await GetAsync(("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal((from, content.Length), (response.Content.Headers.ContentRange!.From, response.Content.Headers.ContentRange.Length));
        Assert.Equal(content[from..(from + length)], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_ARangeBeyondTheEnd_IsRefused()
    {
        (await PutAsync(Content(10))).Ok(HttpStatusCode.Created);

        (await cluster.Api.SendAsync(HttpMethod.Get, Path, null, ("Range", "bytes=10-"))).Problem(HttpStatusCode.RequestedRangeNotSatisfiable, "range_not_satisfiable");
    }

    [Fact]
    public async Task Get_WhatTheClientHas_IsNotSentAgain()
    {
        var content = Content(10);
        (await PutAsync(content)).Ok(HttpStatusCode.Created);

        using var same = await GetAsync(("If-None-Match", $"\"{Hash(content)}\""));
        using var outdated = await GetAsync(("Range", "bytes=0-1"), ("If-Range", "\"other\""));
        using var head = await SendRawAsync(HttpMethod.Head);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, outdated.StatusCode);
        Assert.Equal((10, "application/octet-stream"), (head.Content.Headers.ContentLength, head.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Delete_ABlob_IsGone()
    {
        (await PutAsync(Content(10))).Ok(HttpStatusCode.Created);

        Assert.Equal(10, (await cluster.Api.DeleteAsync(Path)).Ok()["size"].GetInt32());

        (await cluster.Api.GetAsync(Path)).Problem(HttpStatusCode.NotFound, "blob_not_found");
        (await cluster.Api.DeleteAsync(Path)).Problem(HttpStatusCode.NotFound, "blob_not_found");
    }

    [Fact]
    public async Task Abort_AnUpload_LeavesTheBlobThatThereWas()
    {
        var (former, content) = (Content(10), Content(3 * Chunk));
        (await PutAsync(former)).Ok(HttpStatusCode.Created);
        (await PartAsync(content, 0, Chunk)).Ok(HttpStatusCode.Accepted);

        (await cluster.Api.DeleteAsync(Routes.BlobUpload(_id))).Ok(HttpStatusCode.NoContent);

        (await PartAsync(content, Chunk, 2 * Chunk)).Problem(HttpStatusCode.NotFound, "upload_not_found");
        Assert.Equal(former, await ReadAsync());
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        Random.Shared.NextBytes(content);
        return content;
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Field(byte[] content) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";

    private Task<Answer> PutAsync(byte[] content, params (string Name, string Value)[] headers) =>
        cluster.Api.SendAsync(HttpMethod.Put, Path, new ByteArrayContent(content), headers);

    private Task<Answer> PartAsync(byte[] content, int from, int to, params (string Name, string Value)[] headers) =>
        SendAsync(content[from..to], $"bytes {from}-{to - 1}/{content.Length}", headers);

    private Task<Answer> SendAsync(byte[] part, string range, params (string Name, string Value)[] headers)
    {
        var body = new ByteArrayContent(part);
        body.Headers.TryAddWithoutValidation("Content-Range", range);
        return cluster.Api.SendAsync(HttpMethod.Put, Path, body, headers);
    }

    private async Task<byte[]> ReadAsync()
    {
        using var response = await GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private Task<HttpResponseMessage> GetAsync(params (string Name, string Value)[] headers) => SendRawAsync(HttpMethod.Get, headers);

    private async Task<HttpResponseMessage> SendRawAsync(HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(cluster.Address, Path));
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await http.SendAsync(request);
    }

    private async Task<long> FailuresAsync()
    {
        var line = (await cluster.Api.GetAsync(Routes.Metrics)).Text.Split('\n').First(line => line.StartsWith("sync_failures_total{", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Does not say how long it is.</summary>
    private sealed class Unannounced(byte[] content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(content).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Sends a part and then nothing any more.</summary>
    private sealed class BrokenOff(byte[] content, int sent, CancellationTokenSource limit) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, sent));
            await stream.FlushAsync();
            await limit.CancelAsync();
            await Task.Delay(Timeout.Infinite, limit.Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
