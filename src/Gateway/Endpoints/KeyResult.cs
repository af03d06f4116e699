using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Gateway.Endpoints;

/// <summary>Answers a <see cref="KeyView"/>, with the value copied as the bytes that are stored, and the revision as <c>ETag</c>.</summary>
internal sealed class KeyResult(KvItem item) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(KeyView), [Json]));

    public static string ETag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Json;
        response.Headers.ETag = ETag(item.Revision);
        using (var writer = new Utf8JsonWriter(response.BodyWriter))
        {
            Write(writer);
        }

        // Not flushed: head and body leave in one piece when the request ends.
        return Task.CompletedTask;
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, item.Key);
        writer.WritePropertyName("value"u8);
        writer.WriteRawValue(item.Value.Span, skipInputValidation: true);
        writer.WriteNumber("revision"u8, item.Revision);
        writer.WriteNumber("createRevision"u8, item.CreateRevision);
        writer.WriteNumber("version"u8, item.Version);
        writer.WriteString("modifiedAt"u8, Views.Time(item.ModifiedAt));
        writer.WritePropertyName("expiresAt"u8);
        if (Views.Time(item.ExpiresAt) is { } expiresAt)
        {
            writer.WriteStringValue(expiresAt);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteNumber("size"u8, item.Value.Length);
        writer.WriteBoolean("truncated"u8, false);
        writer.WriteEndObject();
    }
}
