using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Regions;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="ResolveConflictRequest"/> in which a value of <c>null</c> is a value, as it is where documents are written.</summary>
internal sealed record ResolveConflictBody(ResolveConflictRequest Request) : IBindableFromHttpContext<ResolveConflictBody>, IEndpointParameterMetadataProvider
{
    /// <exception cref="BadHttpRequestException">The body is not JSON, or has a member of another type.</exception>
    public static async ValueTask<ResolveConflictBody?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ParseAsync(context, Parse);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(ResolveConflictRequest)));

    private static ResolveConflictBody Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);
        var request = new ResolveConflictRequest();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("strategy"u8))
            {
                request = request with { Strategy = JsonBody.ReadText(ref reader, "strategy") };
            }
            else if (reader.ValueTextEquals("region"u8))
            {
                request = request with { Region = JsonBody.ReadText(ref reader, "region") };
            }
            else if (reader.ValueTextEquals("rev"u8))
            {
                request = request with { Rev = JsonBody.ReadText(ref reader, RevPrecondition.Field) };
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                request = request with { Value = JsonElement.Parse(JsonBody.ReadValue(ref reader, body, "value")) };
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return new ResolveConflictBody(request);
    }
}
