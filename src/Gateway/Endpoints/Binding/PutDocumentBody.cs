using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Documents;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="PutDocumentRequest"/> read straight from the request's pipe, as <see cref="PutKeyBody"/> reads its own.</summary>
/// <param name="Value">UTF-8 JSON.</param>
internal sealed record PutDocumentBody(ReadOnlyMemory<byte> Value, string? Rev) : IBindableFromHttpContext<PutDocumentBody>, IEndpointParameterMetadataProvider
{
    private const string ValueField = "value";

    /// <exception cref="BadHttpRequestException">The body is not JSON, lacks the value, or the revision is none.</exception>
    public static async ValueTask<PutDocumentBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        try
        {
            return await JsonBody.ParseAsync(context, Parse);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            RegionQuery.Require(context).CountRefused();
            throw;
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(PutDocumentRequest)));

    private static PutDocumentBody Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        byte[]? value = null;
        string? rev = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("value"u8))
            {
                value = JsonBody.ReadValue(ref reader, body, ValueField);
            }
            else if (reader.ValueTextEquals("rev"u8))
            {
                rev = JsonBody.ReadText(ref reader, RevPrecondition.Field);
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return new PutDocumentBody(
            value ?? throw new InvalidArgumentException(ValueField, "'value' is required; it may be null."),
            rev is null ? null : RevPrecondition.Require(RevPrecondition.Field, rev));
    }
}
