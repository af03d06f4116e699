using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Gateway.Endpoints;

/// <summary>Answers a <see cref="DequeueResponse"/>, with bodies copied as the bytes that are stored.</summary>
internal sealed class DeliveredResult(IReadOnlyList<QueueMessage> messages) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(DequeueResponse), [Json]));

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = Json;
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            WriteAll(writer, "messages"u8, messages);
            writer.WriteEndObject();
        }

        // Not flushed: head and body leave in one piece when the request ends.
        return Task.CompletedTask;
    }

    public static void WriteAll(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<QueueMessage> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages)
        {
            Write(writer, message);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, QueueMessage message)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, message.Id);
        writer.WriteString("receipt"u8, QueueRequests.Text(message.Receipt));
        writer.WritePropertyName("body"u8);
        writer.WriteRawValue(message.Body.Span, skipInputValidation: true);
        writer.WriteNumber("priority"u8, message.Priority);
        writer.WriteNumber("deliveries"u8, message.Deliveries);
        writer.WriteStartObject("headers"u8);
        foreach (var (name, value) in message.Headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteString("dedupId"u8, message.DedupId);
        writer.WriteString("enqueuedAt"u8, Views.Time(message.EnqueuedAt));
        writer.WriteString("visibleAt"u8, Views.Time(message.Due!.Value));
        writer.WriteEndObject();
    }
}
