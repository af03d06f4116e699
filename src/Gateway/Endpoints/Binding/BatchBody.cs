using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="BatchRequest"/> read straight from the request's pipe.</summary>
internal sealed record BatchBody(IReadOnlyList<Command> Commands) : IBindableFromHttpContext<BatchBody>, IEndpointParameterMetadataProvider
{
    /// <exception cref="BadHttpRequestException">The body is not JSON, or an operation is not valid; the field names it.</exception>
    public static async ValueTask<BatchBody?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ParseAsync(context, static (in ReadOnlySequence<byte> body) => new BatchBody(Parse(body)));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(BatchRequest)));

    private static List<Command> Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        var commands = new List<Command>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("operations"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new InvalidArgumentException("operations", "'operations' must be an array.");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                commands.Add(ReadOperation(ref reader, body, commands.Count));
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return commands.Count is >= 1 and <= Batch.MaxCommands
            ? commands
            : throw new InvalidArgumentException("operations", $"A batch has 1 to {Batch.MaxCommands} operations.");
    }

    private static Command ReadOperation(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, int number)
    {
        var at = $"operations[{number}]";
        if (number >= Batch.MaxCommands)
        {
            throw new InvalidArgumentException("operations", $"A batch has 1 to {Batch.MaxCommands} operations.");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        string? op = null, key = null;
        byte[]? value = null;
        long? ttlMs = null, expected = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("op"u8))
            {
                op = JsonBody.ReadText(ref reader, $"{at}.op");
            }
            else if (reader.ValueTextEquals("key"u8))
            {
                key = JsonBody.ReadText(ref reader, $"{at}.key");
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                value = JsonBody.ReadValue(ref reader, body, $"{at}.value");
            }
            else if (reader.ValueTextEquals("ttlMs"u8))
            {
                ttlMs = JsonBody.ReadInteger(ref reader, $"{at}.ttlMs");
            }
            else if (reader.ValueTextEquals("ifRevision"u8))
            {
                expected = JsonBody.ReadInteger(ref reader, $"{at}.ifRevision");
            }
            else
            {
                reader.Skip();
            }
        }

        return Make(at, op, Names.Require($"{at}.key", key), value, ttlMs, expected);
    }

    private static Command Make(string at, string? op, string key, byte[]? value, long? ttlMs, long? expected)
    {
        if (expected < 0)
        {
            throw new InvalidArgumentException($"{at}.ifRevision", "A revision is not negative.");
        }

        return op switch
        {
            "put" => new KvPut(
                key,
                Durations.Require($"{at}.ttlMs", ttlMs, PutKeyBody.MinTtlMs, PutKeyBody.MaxTtlMs),
                expected,
                value ?? throw new InvalidArgumentException($"{at}.value", $"'{at}.value' is required; it may be null.")),
            "delete" => new KvDelete(key, expected),
            "get" => new KvRead(key),
            _ => throw new InvalidArgumentException($"{at}.op", $"'{at}.op' must be put, delete or get."),
        };
    }
}
