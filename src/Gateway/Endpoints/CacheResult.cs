using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Cache;
using Quorate.Gateway.Cache;

namespace Quorate.Gateway.Endpoints;

/// <summary>Answers a <see cref="CacheView"/>, with the value copied as the bytes that are stored, and the revision as <c>ETag</c>.</summary>
internal sealed class CacheResult(CacheHit hit) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(CacheView), [Json]));

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Json;
        response.Headers.ETag = KeyResult.ETag(hit.Item.Revision);
        using (var writer = new Utf8JsonWriter(response.BodyWriter))
        {
            Write(writer);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer)
    {
        var item = hit.Item;
        writer.WriteStartObject();
        writer.WriteString("key"u8, item.Key);
        writer.WritePropertyName("value"u8);
        writer.WriteRawValue(item.Value!.Value.Span, skipInputValidation: true);
        writer.WriteNumber("revision"u8, item.Revision);
        writer.WriteString("writtenAt"u8, Views.Time(item.Stamp));
        writer.WritePropertyName("expiresAt"u8);
        if (Views.Time(item.ExpiresAt) is { } expiresAt)
        {
            writer.WriteStringValue(expiresAt);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteNumber("size"u8, item.Size);
        writer.WriteString("layer"u8, CacheViews.Of(hit.Layer));
        writer.WriteEndObject();
    }
}
