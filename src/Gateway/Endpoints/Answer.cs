using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts;

namespace Quorate.Gateway.Endpoints;

/// <summary>
/// Answers 200 with a small value as JSON, for endpoints that are called often. Nothing is flushed before the end: head and body leave in one
/// piece, where a framework's result sends the end of a chunked body after the rest.
/// </summary>
internal sealed class Answer<T>(T value) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Json]));

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = Json;
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        JsonSerializer.Serialize(writer, value, ContractJson.Options);
        return Task.CompletedTask;
    }
}

internal static class Answer
{
    public static Answer<T> Of<T>(T value) => new(value);
}
