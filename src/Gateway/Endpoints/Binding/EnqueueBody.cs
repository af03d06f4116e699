using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>An <see cref="EnqueueRequest"/> read straight from the request's pipe: bodies stay the bytes that the client sent.</summary>
internal sealed record EnqueueBody(IReadOnlyList<NewMessage> Messages) : IBindableFromHttpContext<EnqueueBody>, IEndpointParameterMetadataProvider
{
    private const int MaxHeaders = 32;
    private const int MaxHeaderNameBytes = 128;
    private const int MaxHeaderValueBytes = 4096;

    /// <exception cref="BadHttpRequestException">The body is not JSON, or a message is not valid; the field names it.</exception>
    public static async ValueTask<EnqueueBody?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ParseAsync(context, static (in ReadOnlySequence<byte> body) => new EnqueueBody(Parse(body)));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(EnqueueRequest)));

    private static List<NewMessage> Parse(in ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        var messages = new List<NewMessage>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("messages"u8))
            {
                ReadMessages(ref reader, body, "messages", messages);
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return messages.Count > 0 ? messages : throw Count("messages");
    }

    /// <summary>Reads the array of messages that follows a property name.</summary>
    public static void ReadMessages(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, string field, List<NewMessage> messages)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException(field, $"'{field}' must be an array.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            messages.Add(messages.Count < QueueRequests.MaxItems ? ReadMessage(ref reader, body, $"{field}[{messages.Count}]") : throw Count(field));
        }
    }

    private static NewMessage ReadMessage(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, string at)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        byte[]? content = null;
        long? priority = null, delayMs = null;
        string? dedupId = null;
        IReadOnlyList<KeyValuePair<string, string>> headers = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("body"u8))
            {
                content = JsonBody.ReadValue(ref reader, body, $"{at}.body");
            }
            else if (reader.ValueTextEquals("priority"u8))
            {
                priority = JsonBody.ReadInteger(ref reader, $"{at}.priority");
            }
            else if (reader.ValueTextEquals("delayMs"u8))
            {
                delayMs = JsonBody.ReadInteger(ref reader, $"{at}.delayMs");
            }
            else if (reader.ValueTextEquals("dedupId"u8))
            {
                dedupId = JsonBody.ReadText(ref reader, $"{at}.dedupId");
            }
            else if (reader.ValueTextEquals("headers"u8))
            {
                headers = ReadHeaders(ref reader, $"{at}.headers");
            }
            else
            {
                reader.Skip();
            }
        }

        return Make(at, content, priority ?? 0, delayMs, dedupId, headers);
    }

    private static NewMessage Make(
        string at, byte[]? content, long priority, long? delayMs, string? dedupId, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (priority is < 0 or > QueueMessage.MaxPriority)
        {
            throw new InvalidArgumentException($"{at}.priority", $"'{at}.priority' must be 0 to {QueueMessage.MaxPriority}, but is {priority}.");
        }

        return new NewMessage(
            content ?? throw new InvalidArgumentException($"{at}.body", $"'{at}.body' is required; it may be null."),
            (byte)priority,
            Durations.Require($"{at}.delayMs", delayMs, 0, QueueRequests.MaxDelayMs) ?? 0,
            dedupId is null ? null : Names.Require($"{at}.dedupId", dedupId),
            headers);
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(ref Utf8JsonReader reader, string at)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        var headers = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonBody.Text(ref reader, at);
            Names.RequireText(at, name, MaxHeaderNameBytes);
            var value = JsonBody.ReadText(ref reader, $"{at}.{name}")
                ?? throw new InvalidArgumentException($"{at}.{name}", $"'{at}.{name}' must be a text.");
            Names.RequireText($"{at}.{name}", value, MaxHeaderValueBytes);
            if (name.Length == 0 || headers.Count == MaxHeaders || headers.Exists(header => header.Key == name))
            {
                throw new InvalidArgumentException(at, $"'{at}' may have at most {MaxHeaders} headers, each with a name of its own.");
            }

            headers.Add(new(name, value));
        }

        return headers;
    }

    public static InvalidArgumentException Count(string field) => new(field, $"'{field}' has 1 to {QueueRequests.MaxItems} messages.");
}
