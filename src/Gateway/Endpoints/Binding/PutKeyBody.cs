using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Kv;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>
/// A <see cref="PutKeyRequest"/> read straight from the request's pipe: the value is cut out as the bytes that the client sent and never
/// becomes objects. What is stored here is handed to everybody who reads, so it is checked once and for all.
/// </summary>
/// <param name="Value">UTF-8 JSON.</param>
internal sealed record PutKeyBody(ReadOnlyMemory<byte> Value, long? TtlMs) : IBindableFromHttpContext<PutKeyBody>, IEndpointParameterMetadataProvider
{
    private const string ValueField = "value";
    private const string TtlField = "ttlMs";
    public const long MinTtlMs = 1;
    public const long MaxTtlMs = 31_536_000_000;

    /// <exception cref="BadHttpRequestException">The body is not JSON, lacks the value, or a member is out of range.</exception>
    public static async ValueTask<PutKeyBody?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ParseAsync(context, Parse);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(PutKeyRequest)));

    private static PutKeyBody Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        byte[]? value = null;
        long? ttlMs = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("value"u8))
            {
                value = JsonBody.ReadValue(ref reader, body, ValueField);
            }
            else if (reader.ValueTextEquals("ttlMs"u8))
            {
                ttlMs = JsonBody.ReadInteger(ref reader, TtlField);
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return new PutKeyBody(
            value ?? throw new InvalidArgumentException(ValueField, "'value' is required; it may be null."),
            Durations.Require(TtlField, ttlMs, MinTtlMs, MaxTtlMs));
    }
}
