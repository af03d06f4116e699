using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.OpenApi;

[Collection(ClusterCollection.Name)]
public sealed partial class OpenApiTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Document_DescribesEveryEndpointOfTheApi()
    {
        var mapped = cluster.Endpoints
            .OfType<RouteEndpoint>()
            .Where(IsPublic)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Path(endpoint)}"))
            .ToHashSet();

        Assert.Contains("PUT /api/v1/kv/{key}", mapped);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), (await OperationsAsync()).Keys.Order(StringComparer.Ordinal));

        static bool IsPublic(RouteEndpoint endpoint) =>
            Path(endpoint).StartsWith("/api/", StringComparison.Ordinal) || Path(endpoint).StartsWith("/_api/", StringComparison.Ordinal) || Path(endpoint).StartsWith("/healthz/", StringComparison.Ordinal);

        static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
    }

    [Fact]
    public async Task Document_IsCompleteEnoughToGenerateAClient()
    {
        var operations = await OperationsAsync();

        Assert.Equal(operations.Count, operations.Values.Select(operation => operation.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (name, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), name);
            var parameters = Parameters(operation);
            Assert.All(PathParameter().Matches(name), match => Assert.Contains((match.Groups[1].Value, "path"), parameters.Keys));
            Assert.All(parameters.Values, parameter => Assert.False(string.IsNullOrEmpty(parameter.GetProperty("description").GetString()), name));
            Assert.All(operation.GetProperty("responses").EnumerateObject(), response => Assert.True(
                response.Name == "204" || response.Value.GetProperty("content").EnumerateObject().Single().Value.TryGetProperty("schema", out _), name));
        }
    }

    [Fact]
    public async Task Document_NamesTheHeadersOfWrites()
    {
        var operations = await OperationsAsync();
        foreach (var write in (string[])["PUT /api/v1/kv/{key}", "DELETE /api/v1/kv/{key}", "POST /api/v1/locks/{name}/acquire", "POST /api/v1/sessions"])
        {
            var headers = Parameters(operations[write]).Keys.Where(key => key.In == "header").Select(key => key.Name);

            Assert.Superset(new HashSet<string> { Headers.IdempotencyKey, Headers.Reason, Headers.SessionId, Headers.Sequence }, headers.ToHashSet());
        }

        Assert.Contains(("If-Match", "header"), Parameters(operations["PUT /api/v1/kv/{key}"]).Keys);
    }

    [Theory]
    [InlineData("POST /api/v1/locks/{name}/acquire", "409", "lock_held", "deadlock")]
    [InlineData("PUT /api/v1/kv/{key}", "412", "revision_mismatch")]
    [InlineData("PUT /api/v1/kv/{key}", "400", "invalid_argument", "malformed_body")]
    [InlineData("GET /api/v1/kv/{key}", "503", "no_quorum")]
    [InlineData("POST /api/v1/lab/nodes/{id}/stop", "404", "not_found", "node_not_found")]
    public async Task Document_NamesTheCodesOfProblems(string operation, string status, params string[] codes)
    {
        var response = (await OperationsAsync())[operation].GetProperty("responses").GetProperty(status);

        Assert.All(codes, code => Assert.Contains($"`{code}`", response.GetProperty("description").GetString(), StringComparison.Ordinal));
        Assert.True(response.GetProperty("content").TryGetProperty("application/problem+json", out _));
    }

    [Fact]
    public async Task Document_CarriesTheCommentsOfTheContract()
    {
        var schemas = (await cluster.Api.GetAsync(Routes.OpenApi)).Ok()["components"].GetProperty("schemas");

        var ttl = schemas.GetProperty("AcquireLockRequest").GetProperty("properties").GetProperty("ttlMs");
        Assert.Contains("86,400,000", ttl.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ToTryTheApi_IsServed() =>
        Assert.Contains("swagger-ui", (await cluster.Api.GetAsync("/swagger/index.html")).Ok().Text, StringComparison.Ordinal);

    private async Task<Dictionary<string, JsonElement>> OperationsAsync()
    {
        var paths = (await cluster.Api.GetAsync(Routes.OpenApi)).Ok()["paths"];
        return paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
            .ToDictionary(operation => operation.Name, operation => operation.Value);
    }

    private static Dictionary<(string Name, string In), JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().ToDictionary(parameter => (parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!))
            : [];

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
