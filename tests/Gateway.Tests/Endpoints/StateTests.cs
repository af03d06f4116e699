using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class StateTests(ClusterFixture cluster)
{
    private readonly string _topic = $"state-{Guid.NewGuid():N}";
    private readonly QuorateClient _client = new(new HttpClient { BaseAddress = cluster.Address });

    [Fact]
    public async Task Put_WithTheVersionRead_ChangesJustThat()
    {
        var first = await _client.PutStateAsync(_topic, JsonSerializer.SerializeToElement(1), ifVersion: 0);
        var read = await _client.GetStateAsync(_topic);
        var second = await _client.PutStateAsync(_topic, JsonSerializer.SerializeToElement(2), read.Version);

        var stale = await Assert.ThrowsAsync<QuorateException>(() => _client.PutStateAsync(_topic, JsonSerializer.SerializeToElement(3), read.Version));

        Assert.True(first.Created);
        Assert.Equal((first.Version, StateBackends.Cluster), (read.Version, read.Backend));
        Assert.True(second.Version > first.Version);
        Assert.Equal(ErrorCodes.RevisionMismatch, stale.Code);
        Assert.Equal(2, stale.Problem.Extensions!["current"].GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task Put_WithIfMatch_HoldsAsIfVersionDoes()
    {
        var path = Routes.StateOf(_topic);
        var first = (await cluster.Api.PutAsync(path, """{"value":1}""", ("If-None-Match", "*"))).Ok();
        var tag = (await cluster.Api.GetAsync(path)).Ok().Headers.ETag!.Tag;

        (await cluster.Api.PutAsync(path, """{"value":2}""", ("If-None-Match", "*"))).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);
        var second = (await cluster.Api.PutAsync(path, """{"value":2}""", ("If-Match", tag))).Ok();
        (await cluster.Api.PutAsync(path, """{"value":3}""", ("If-Match", tag))).Problem(HttpStatusCode.PreconditionFailed, ErrorCodes.RevisionMismatch);
        (await cluster.Api.PutAsync(path, """{"value":3,"ifVersion":0}""", ("If-Match", tag)))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "ifVersion");

        Assert.Equal($"\"{first["version"]}\"", tag);
        Assert.Equal($"\"{second["version"]}\"", second.Headers.ETag!.Tag);
        Assert.Equal(2, (await cluster.Api.GetAsync(path)).Ok()["value"].GetInt32());
    }

    [Fact]
    public async Task Topic_AsLongAsANameMayBe_IsTaken()
    {
        var longest = _topic + new string('t', 512 - _topic.Length);

        (await cluster.Api.PutAsync(Routes.StateOf(longest), """{"value":1}""")).Ok();
        Assert.Equal(longest, (await cluster.Api.GetAsync(Routes.StateOf(longest))).Ok()["topic"].GetString());
        (await cluster.Api.PutAsync(Routes.StateOf(longest + "t"), """{"value":1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "topic");
    }

    [Fact]
    public async Task Put_ByManyAtOnce_LosesNoUpdate()
    {
        await _client.PutStateAsync(_topic, JsonSerializer.SerializeToElement(0));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var added = 0; added < 10;)
            {
                var read = await _client.GetStateAsync(_topic);
                try
                {
                    await _client.PutStateAsync(_topic, JsonSerializer.SerializeToElement(read.Value.GetInt32() + 1), read.Version);
                    added++;
                }
                catch (QuorateException error) when (error.Code == ErrorCodes.RevisionMismatch)
                {
                    // Somebody was quicker: read again.
                }
            }
        }));

        Assert.Equal(40, (await _client.GetStateAsync(_topic)).Value.GetInt32());
    }

    [Fact]
    public async Task State_ThatIsMissingOrMalformed_IsRefused()
    {
        (await cluster.Api.GetAsync(Routes.StateOf(_topic))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        (await cluster.Api.PutAsync(Routes.StateOf(_topic), "{}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "value");
        (await cluster.Api.PutAsync(Routes.StateOf(_topic), """{"value":1,"ifVersion":-1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "ifVersion");
    }
}
