using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>What bodies have in common that are read straight from the request's pipe, without turning values into objects.</summary>
internal static class JsonBody
{
    /// <summary>Nesting of a value. Lists and live messages wrap it in a few levels more, and readers commonly stop at 64.</summary>
    private const int MaxDepth = 48;

    public delegate T Parser<out T>(in ReadOnlySequence<byte> body);

    /// <summary>Waits for the whole body and parses it while it is still in the pipe's buffers.</summary>
    /// <param name="parse">May throw <see cref="JsonException"/> for what is not JSON.</param>
    /// <exception cref="BadHttpRequestException">The body is not declared as JSON, or is none.</exception>
    public static async ValueTask<T> ParseAsync<T>(HttpContext context, Parser<T> parse)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body must be JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var reader = context.Request.BodyReader;
        var body = await ReadAllAsync(reader, context.RequestAborted);
        try
        {
            return parse(body);
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

    /// <summary>Reads the beginning of the object that a body is.</summary>
    public static void ReadObjectStart(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new MalformedBodyException("The body must be a JSON object.");
        }
    }

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

    /// <summary>Cuts out the value that follows a property name, as the bytes that the client sent, checked once and for all.</summary>
    public static byte[] ReadValue(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, string field)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        var depth = reader.CurrentDepth;
        CheckToken(ref reader, depth, field);
        while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Read();
            CheckToken(ref reader, depth, field);
        }

        var bytes = body.Slice(start, reader.BytesConsumed - start).ToArray();
        return Utf8.IsValid(bytes) ? bytes : throw new InvalidArgumentException(field, $"'{field}' is not valid UTF-8.");
    }

    /// <summary>A copy of a value that was parsed already, checked as <see cref="ReadValue"/> checks.</summary>
    public static byte[] Checked(ReadOnlySpan<byte> json, string field)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            CheckToken(ref reader, 0, field);
        }

        return Utf8.IsValid(json) ? json.ToArray() : throw new InvalidArgumentException(field, $"'{field}' is not valid UTF-8.");
    }

    private static void CheckToken(ref Utf8JsonReader reader, int depth, string field)
    {
        if (reader.CurrentDepth - depth >= MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException(field, $"'{field}' is nested more than {MaxDepth} levels deep.");
        }

        if (reader.ValueIsEscaped)
        {
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new InvalidArgumentException(field, $"'{field}' has a text with half of a surrogate pair.");
            }
        }
    }

    /// <summary>Reads the whole number, or null, that follows a property name.</summary>
    public static long? ReadInteger(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
            _ => throw new InvalidArgumentException(field, $"'{field}' must be a whole number."),
        };
    }

    /// <summary>Reads the text, or null, that follows a property name.</summary>
    public static string? ReadText(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => Text(ref reader, field),
            _ => throw new InvalidArgumentException(field, $"'{field}' must be a text."),
        };
    }

    /// <summary>The text or the name that the reader stands on.</summary>
    public static string Text(ref Utf8JsonReader reader, string field)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidArgumentException(field, $"'{field}' has half of a surrogate pair.");
        }
    }
}
