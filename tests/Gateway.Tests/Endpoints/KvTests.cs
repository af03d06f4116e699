using System.Net;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class KvTests(ClusterFixture cluster)
{
    private readonly string _prefix = $"kv-{Guid.NewGuid():N}-";

    [Fact]
    public async Task Put_NewKey_IsCreatedAndReadBackWithItsRevision()
    {
        var put = (await PutAsync("a", """{"value":{"x":[1,2]}}""")).Ok();
        var get = (await GetAsync("a")).Ok();

        var revision = put["revision"].GetInt64();
        Assert.True(put["created"].GetBoolean());
        Assert.Equal(_prefix + "a", put["key"].GetString());
        Assert.Equal($"\"{revision}\"", put.Headers.ETag?.ToString());
        Assert.Equal($"\"{revision}\"", get.Headers.ETag?.ToString());
        Assert.Equal(_prefix + "a", get["key"].GetString());
        Assert.Equal("""{"x":[1,2]}""", get["value"].GetRawText());
        Assert.Equal(revision, get["revision"].GetInt64());
        Assert.Equal(revision, get["createRevision"].GetInt64());
        Assert.Equal(1, get["version"].GetInt64());
        Assert.Equal(11, get["size"].GetInt32());
        Assert.Equal(JsonValueKind.Null, get["expiresAt"].ValueKind);
        Assert.False(get["truncated"].GetBoolean());
        Assert.Equal(TimeSpan.Zero, get["modifiedAt"].GetDateTimeOffset().Offset);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-12.50e+3")]
    [InlineData("12345678901234567890123456789012345678901234567890")]
    [InlineData("\"text with \\\"quotes\\\", \\u00e9 and é and 😀\"")]
    [InlineData("[]")]
    [InlineData("{ \"b\" : [ 1 , { } ] ,\n \"a\" : null }")]
    public async Task Put_AnyJson_IsReadBackByteForByte(string value)
    {
        (await PutAsync("any", $$"""{ "ttlMs" : null , "value" : {{value}} }""")).Ok();

        Assert.Equal(value, (await GetAsync("any")).Ok()["value"].GetRawText());
        Assert.Contains(value, (await GetAsync("any")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_MembersThatNobodyKnows_AreIgnored()
    {
        (await PutAsync("more", """{"other":{"value":1},"value":2,"list":[{"value":3}]}""")).Ok();

        Assert.Equal(2, (await GetAsync("more")).Ok()["value"].GetInt32());
    }

    [Fact]
    public async Task Put_NearlyAsLargeAsAllowed_IsReadBackWhole()
    {
        var text = new string('x', 1_000_000);
        (await PutAsync("large", $$"""{"value":"{{text}}"}""")).Ok();

        Assert.Equal(text, (await GetAsync("large")).Ok()["value"].GetString());
    }

    [Fact]
    public async Task List_LargeValue_IsLeftOutAndMarked()
    {
        (await PutAsync("l1", $$"""{"value":"{{new string('x', 4094)}}"}""")).Ok();
        (await PutAsync("l2", $$"""{"value":"{{new string('x', 4095)}}"}""")).Ok();

        var items = (await ListAsync($"prefix={_prefix}l")).Ok()["items"];

        Assert.False(items[0].GetProperty("truncated").GetBoolean());
        Assert.Equal(4094, items[0].GetProperty("value").GetString()!.Length);
        Assert.True(items[1].GetProperty("truncated").GetBoolean());
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("value").ValueKind);
        Assert.Equal(4097, items[1].GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task List_PageByPage_VisitsEveryKeyOfThePrefixOnceInOrder()
    {
        string[] names = ["p/1", "p/2", "p/3", "p/é", "p/😀"];
        foreach (var name in names.Reverse())
        {
            (await PutAsync(name, """{"value":0}""")).Ok();
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await ListAsync($"prefix={Uri.EscapeDataString(_prefix + "p/")}&limit=2&cursor={cursor}")).Ok();
            Assert.InRange(page["items"].GetArrayLength(), 1, 2);
            seen.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("key").GetString()!));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        Assert.Equal(names.Select(name => _prefix + name).Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task List_ExactlyOnePage_HasNoCursor()
    {
        (await PutAsync("one", """{"value":0}""")).Ok();

        Assert.Equal(JsonValueKind.Null, (await ListAsync($"prefix={_prefix}one&limit=1")).Ok()["nextCursor"].ValueKind);
    }

    [Fact]
    public async Task Get_MissingKey_IsNotFound() =>
        (await GetAsync("missing")).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);

    [Fact]
    public async Task Delete_KeyThere_IsGoneAndDeletedOnlyOnce()
    {
        (await PutAsync("gone", """{"value":1}""")).Ok();

        Assert.True((await DeleteAsync("gone")).Ok()["revision"].GetInt64() > 0);
        (await GetAsync("gone")).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        (await DeleteAsync("gone")).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
    }

    [Fact]
    public async Task Put_WithTtl_Expires()
    {
        (await PutAsync("ttl", """{"value":1,"ttlMs":100}""")).Ok();

        Assert.NotEqual(JsonValueKind.Null, (await PutAsync("ttl2", """{"value":1,"ttlMs":60000}""")).Ok()["revision"].ValueKind);
        Assert.Equal(JsonValueKind.String, (await GetAsync("ttl2")).Ok()["expiresAt"].ValueKind);
        await Eventually.HoldsAsync(async () => (await GetAsync("ttl")).Status == HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    public async Task Put_IfMatchTheRevision_WritesOnce(string form)
    {
        var revision = (await PutAsync("cas", """{"value":1}""")).Ok()["revision"].GetInt64();
        var ifMatch = ("If-Match", string.Format(form, revision));

        (await PutAsync("cas", """{"value":2}""", ifMatch)).Ok();
        var lost = (await PutAsync("cas", """{"value":3}""", ifMatch)).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);

        Assert.Equal(2, lost["current"].GetProperty("value").GetInt32());
        Assert.True(lost["current"].GetProperty("revision").GetInt64() > revision);
        Assert.Equal(2, (await GetAsync("cas")).Ok()["value"].GetInt32());
    }

    [Theory]
    [InlineData("If-Match", "0")]
    [InlineData("If-None-Match", "*")]
    public async Task Put_OnlyIfItDoesNotExist_CreatesOnce(string header, string value)
    {
        (await PutAsync("once" + header, """{"value":1}""", (header, value))).Ok();

        (await PutAsync("once" + header, """{"value":2}""", (header, value))).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);
    }

    [Fact]
    public async Task PutAndDelete_OnlyIfItExists_NeedTheKey()
    {
        var any = ("If-Match", "*");
        var refused = (await PutAsync("exists", """{"value":1}""", any)).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);
        Assert.Equal(JsonValueKind.Null, refused["current"].ValueKind);
        (await DeleteAsync("exists", any)).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);

        (await PutAsync("exists", """{"value":1}""")).Ok();

        (await PutAsync("exists", """{"value":2}""", any)).Ok();
        (await DeleteAsync("exists", any)).Ok();
    }

    [Fact]
    public async Task Delete_IfMatchAnotherRevision_IsRefused()
    {
        var revision = (await PutAsync("keep", """{"value":"mine"}""")).Ok()["revision"].GetInt64();

        var refused = (await DeleteAsync("keep", ("If-Match", (revision - 1).ToString()))).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);

        Assert.Equal("mine", refused["current"].GetProperty("value").GetString());
        (await GetAsync("keep")).Ok();
    }

    [Fact]
    public async Task Put_SameIdempotencyKey_IsAppliedOnceAndAnsweredTheSame()
    {
        var key = (Headers.IdempotencyKey, Guid.NewGuid().ToString());
        var first = (await PutAsync("idem", """{"value":1}""", key)).Ok();
        var second = (await PutAsync("idem", """{"value":1}""", key)).Ok();

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(1, (await GetAsync("idem")).Ok()["version"].GetInt64());
        (await PutAsync("idem", """{"value":2}""", key)).Problem(HttpStatusCode.UnprocessableEntity, ErrorCodes.IdempotencyKeyReused, Headers.IdempotencyKey);
    }

    [Fact]
    public async Task Put_ChunkedBody_IsRead()
    {
        var content = new StreamContent(new TrickleStream(Encoding.UTF8.GetBytes("""{"value":"in pieces"}""")));
        content.Headers.ContentType = new("application/json");

        (await cluster.Api.SendAsync(HttpMethod.Put, Routes.Key(_prefix + "chunked"), content)).Ok();

        Assert.Equal("in pieces", (await GetAsync("chunked")).Ok()["value"].GetString());
    }

    [Fact]
    public async Task Put_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PutAsync($"many-{i}", $$"""{"value":{{i}}}""")));

        Assert.Equal(200, answers.Select(answer => answer.Ok()["revision"].GetInt64()).Distinct().Count());
        Assert.Equal(117, (await GetAsync("many-117")).Ok()["value"].GetInt32());
    }

    private Task<Answer> GetAsync(string key) => cluster.Api.GetAsync(Routes.Key(_prefix + key));

    private Task<Answer> ListAsync(string query) => cluster.Api.GetAsync($"{Routes.Kv}?{query}");

    private Task<Answer> DeleteAsync(string key, params (string, string)[] headers) => cluster.Api.DeleteAsync(Routes.Key(_prefix + key), headers);

    private Task<Answer> PutAsync(string key, string json, params (string, string)[] headers) =>
        cluster.Api.PutAsync(Routes.Key(_prefix + key), json, headers);

    /// <summary>Gives a few bytes at a time, so that the body comes in several pieces of unknown number.</summary>
    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 3)], cancellationToken);
        }
    }
}
