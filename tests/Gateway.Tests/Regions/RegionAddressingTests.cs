using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Regions;

[Collection(RegionsCollection.Name)]
public sealed class RegionAddressingTests(RegionsFixture regions)
{
    private readonly string _name = $"addressing-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(null, "eu")]
    [InlineData("eu", "eu")]
    [InlineData("us", "us")]
    [InlineData("ap", "ap")]
    public async Task Document_WrittenInARegion_IsReadThereAndSaysWhereItWasWritten(string? region, string expected)
    {
        var query = region is null ? "" : $"?region={region}";
        (await regions.Api.PostAsync(Routes.Collections + query, $$"""{"name":"{{_name}}"}""")).Ok(HttpStatusCode.Created);
        (await regions.Api.PutAsync(Routes.Document(_name, "a") + query, """{"value":1}""")).Ok();

        var read = (await regions.Api.GetAsync(Routes.Document(_name, "a") + query)).Ok();

        Assert.Equal(expected, read["region"].GetString());
        Assert.True(read["clock"].GetProperty(expected).GetInt32() >= 1);
        Assert.Equal(1, (await regions.Api.GetAsync($"{Routes.Collection(_name)}{query}")).Ok()["documents"].GetInt32());
        (await regions.Api.DeleteAsync(Routes.Document(_name, "a") + query)).Ok();
        (await regions.Api.DeleteAsync(Routes.Collection(_name) + query)).Ok();
    }

    [Fact]
    public async Task AnUnknownRegion_IsRefusedByEveryEndpointOfDocumentsWithTheKnownOnes()
    {
        var (collection, document) = (Routes.Collection(_name), Routes.Document(_name, "a"));
        Answer[] answers =
        [
            await regions.Api.GetAsync(Routes.Collections + "?region=mars"),
            await regions.Api.PostAsync(Routes.Collections + "?region=mars", $$"""{"name":"{{_name}}"}"""),
            await regions.Api.GetAsync(collection + "?region=mars"),
            await regions.Api.DeleteAsync(collection + "?region=mars"),
            await regions.Api.GetAsync(Routes.Documents(_name) + "?region=mars"),
            await regions.Api.GetAsync(document + "?region=mars"),
            await regions.Api.PutAsync(document + "?region=mars", """{"value":1}"""),
            await regions.Api.DeleteAsync(document + "?region=mars"),
        ];

        foreach (var answer in answers)
        {
            var problem = answer.Problem(HttpStatusCode.NotFound, ErrorCodes.RegionNotFound, "region");
            Assert.Contains("eu, us, ap", problem["detail"].GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("mars", "eu")]
    [InlineData("us", "us")]
    public async Task WhatReplicationCannotTake_IsRefusedAndCounted(string addressed, string counting)
    {
        (await regions.Api.PostAsync(Routes.Collections + "?region=us", $$"""{"name":"{{_name}}"}""")).Ok(HttpStatusCode.Created);
        var before = await FailuresAsync(counting);
        var value = addressed == "us" ? new string('x', 1 << 20) : "small";

        var answer = await regions.Api.PutAsync(Routes.Document(_name, "a") + $"?region={addressed}", $$"""{"value":"{{value}}"}""");

        Assert.Equal(addressed == "us" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.NotFound, answer.Status);
        await Eventually.HoldsAsync(async () => await FailuresAsync(counting) > before);
    }

    private async Task<double> FailuresAsync(string region)
    {
        var name = $"sync_failures_total{{region=\"{region}\"}} ";
        var line = (await regions.Api.GetAsync(Routes.Metrics)).Text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task AnUnknownRegion_IsRefusedByEveryEndpointOfBlobs()
    {
        var (blob, upload) = (Routes.Blob(_name), Routes.BlobUpload(_name));
        Answer[] answers =
        [
            await regions.Api.GetAsync(Routes.Blobs + "?region=mars"),
            await regions.Api.GetAsync(Routes.BlobTransfers + "?region=mars"),
            await regions.Api.GetAsync(blob + "?region=mars"),
            await regions.Api.SendAsync(HttpMethod.Put, blob + "?region=mars", new ByteArrayContent([1])),
            await regions.Api.DeleteAsync(blob + "?region=mars"),
            await regions.Api.GetAsync(upload + "?region=mars"),
            await regions.Api.DeleteAsync(upload + "?region=mars"),
        ];

        foreach (var answer in answers)
        {
            answer.Problem(HttpStatusCode.NotFound, ErrorCodes.RegionNotFound, "region");
        }
    }

    [Fact]
    public async Task Blob_UploadOfARegion_IsUnderWayThereAlone()
    {
        var part = new ByteArrayContent(new byte[1 << 20]);
        part.Headers.Add("Content-Range", $"bytes 0-{(1 << 20) - 1}/{3 << 20}");
        (await regions.Api.SendAsync(HttpMethod.Put, Routes.Blob(_name) + "?region=us", part)).Ok(HttpStatusCode.Accepted);

        Assert.Equal(1 << 20, (await regions.Api.GetAsync(Routes.BlobUpload(_name) + "?region=us")).Ok()["received"].GetInt64());
        (await regions.Api.GetAsync(Routes.BlobUpload(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.UploadNotFound);
        Assert.Contains(_name, (await regions.Api.GetAsync(Routes.BlobTransfers + "?region=us")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_name, (await regions.Api.GetAsync(Routes.BlobTransfers)).Text, StringComparison.Ordinal);
        (await regions.Api.DeleteAsync(Routes.BlobUpload(_name) + "?region=us")).Ok(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task EverythingButDocumentsAndBlobs_BelongsToTheFirstRegion()
    {
        (await regions.Api.PutAsync(Routes.Key(_name), """{"value":1}""")).Ok();

        var topology = (await regions.Api.GetAsync(Routes.Cluster)).Ok();

        Assert.All(topology["nodes"].EnumerateArray(), node => Assert.Equal("eu", node.GetProperty("region").GetString()));
    }
}
