using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

internal static class BatchEndpoints
{
    public static void MapBatch(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Routes.Batch, RunBatch).WithTags("Transactions").WithName("runBatch").AnswersToWrite(ErrorCodes.MalformedBody, ErrorCodes.RegionNotFound);

    /// <summary>Carries out up to 1000 independent operations in one round of consensus; each has its own result.</summary>
    private static async Task<Results<BatchedResult, ProblemResult>> RunBatch(
        BatchBody body, WriteHeaders headers, RegionQuery region, CancellationToken cancel) =>
        await region.Cluster.ExecuteAsync(new Batch(body.Commands), headers.Options, cancel) is var result && result is CommandResult.Batched batched
            ? new BatchedResult(batched)
            : ClusterProblems.Of(result);
}

/// <summary>Answers a <see cref="BatchResponse"/>, with values copied as the bytes that are stored.</summary>
internal sealed class BatchedResult(CommandResult.Batched batched) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";

    private static readonly JsonSerializerOptions Compact = new(ContractJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(BatchResponse), [Json]));

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = Json;
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results"u8);
            foreach (var result in batched.Results)
            {
                Write(writer, result);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        // Not flushed: head and body leave in one piece when the request ends.
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter writer, CommandResult result)
    {
        if (OperationViews.Of(result) is { } done)
        {
            JsonSerializer.Serialize(writer, done, Compact);
            return;
        }

        writer.WriteStartObject();
        WriteMembers(writer, result);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, CommandResult result)
    {
        switch (result)
        {
            case CommandResult.KvWritten written:
                writer.WriteBoolean("ok"u8, true);
                writer.WriteNumber("revision"u8, written.Revision);
                writer.WriteBoolean("created"u8, written.Created);
                break;
            case CommandResult.KvDeleted deleted:
                writer.WriteBoolean("ok"u8, true);
                writer.WriteNumber("revision"u8, deleted.Revision);
                break;
            case CommandResult.KvFound { Item: { } item }:
                writer.WriteBoolean("ok"u8, true);
                WriteItem(writer, item);
                break;
            case CommandResult.KvFound:
                WriteFailure(writer, ErrorCodes.KeyNotFound);
                break;
            case CommandResult.KvMismatch mismatch:
                WriteFailure(writer, ErrorCodes.RevisionMismatch);
                if (mismatch.Current is { } current)
                {
                    writer.WriteStartObject("current"u8);
                    WriteItem(writer, current);
                    writer.WriteEndObject();
                }

                break;
            case QueueResult.Delivered delivered:
                writer.WriteBoolean("ok"u8, true);
                DeliveredResult.WriteAll(writer, "delivered"u8, delivered.Messages);
                break;
            default:
                WriteProblem(writer, ClusterProblems.Of(result));
                break;
        }
    }

    private static void WriteFailure(Utf8JsonWriter writer, string code)
    {
        writer.WriteBoolean("ok"u8, false);
        writer.WriteString("code"u8, code);
    }

    private static void WriteProblem(Utf8JsonWriter writer, ProblemResult problem)
    {
        WriteFailure(writer, problem.Kind.Code);
        writer.WriteString("detail"u8, problem.Detail);
        foreach (var (name, value) in problem.Extensions)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static void WriteItem(Utf8JsonWriter writer, KvItem item)
    {
        writer.WriteNumber("revision"u8, item.Revision);
        writer.WritePropertyName("value"u8);
        writer.WriteRawValue(item.Value.Span, skipInputValidation: true);
    }
}
