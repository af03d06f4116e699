using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;
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
    private const long MinTtlMs = 100;
    private const long MaxTtlMs = 31_536_000_000;

    /// <summary>Nesting of a value. Lists and live messages wrap it in a few levels more, and readers commonly stop at 64.</summary>
    private const int MaxDepth = 48;

    /// <exception cref="BadHttpRequestException">The body is not JSON, lacks the value, or a member is out of range.</exception>
    public static async ValueTask<PutKeyBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body must be JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var reader = context.Request.BodyReader;
        var body = await ReadAllAsync(reader, context.RequestAborted);
        try
        {
            return Parse(body);
        }
        catch (JsonException error)
        {
            throw new MalformedBodyException($"The body is not valid JSON: {error.Message}");
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(PutKeyRequest)));

    private static async ValueTask<ReadOnlySequence<byte>> ReadAllAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static PutKeyBody Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new MalformedBodyException("The body must be a JSON object.");
        }

        byte[]? value = null;
        long? ttlMs = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("value"u8))
            {
                value = ReadValue(ref reader, body);
            }
            else if (reader.ValueTextEquals("ttlMs"u8))
            {
                ttlMs = ReadTtl(ref reader);
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

    private static byte[] ReadValue(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        var depth = reader.CurrentDepth;
        CheckToken(ref reader, depth);
        while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Read();
            CheckToken(ref reader, depth);
        }

        var bytes = body.Slice(start, reader.BytesConsumed - start).ToArray();
        return Utf8.IsValid(bytes) ? bytes : throw new InvalidArgumentException(ValueField, "'value' is not valid UTF-8.");
    }

    private static void CheckToken(ref Utf8JsonReader reader, int depth)
    {
        if (reader.CurrentDepth - depth >= MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException(ValueField, $"'value' is nested more than {MaxDepth} levels deep.");
        }

        if (reader.ValueIsEscaped)
        {
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new InvalidArgumentException(ValueField, "'value' has a text with half of a surrogate pair.");
            }
        }
    }

    private static long? ReadTtl(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when reader.TryGetInt64(out var ms) => ms,
            _ => throw new InvalidArgumentException(TtlField, "'ttlMs' must be a whole number of milliseconds."),
        };
    }
}
