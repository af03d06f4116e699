using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.State;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>
/// Shared state by topic. It lies among the keys, under <see cref="Prefix"/>: so it can be watched, has a history, and takes part in
/// transactions like any key.
/// </summary>
internal static class StateEndpoints
{
    public const string Prefix = "_state/";

    public static void MapState(this IEndpointRouteBuilder routes)
    {
        var state = routes.MapGroup(Routes.State + "/{topic}").WithTags("Shared state");
        state.MapGet("", GetState).WithName("getState").AnswersToRead(ErrorCodes.KeyNotFound).AnswersWithETag();
        state.MapPut("", PutState).WithName("putState").AnswersToWrite(ErrorCodes.RevisionMismatch).AnswersWithETag();
    }

    /// <summary>Reads what processes share under a topic. The version is also the ETag.</summary>
    private static async Task<Results<Ok<SharedStateView>, ProblemResult>> GetState(
        SegmentName topic, ClusterClient cluster, HttpResponse response, CancellationToken cancel)
    {
        var key = KeyOf(topic);
        if (await cluster.ReadAsync(state => state.Kv.Get(key), cancel) is not { } item)
        {
            return ClusterProblems.Of(new CommandResult.KvNotFound());
        }

        response.Headers.ETag = KeyResult.ETag(item.Revision);
        return TypedResults.Ok(new SharedStateView(
            topic.Value, JsonElement.Parse(item.Value.Span), item.Revision, Views.Time(item.ModifiedAt), StateBackends.Cluster));
    }

    /// <summary>Writes what processes share under a topic, if need be only when it has an expected version.</summary>
    private static async Task<Results<Ok<PutStateResponse>, ProblemResult>> PutState(
        SegmentName topic,
        PutStateRequest request,
        Precondition precondition,
        WriteHeaders headers,
        ClusterClient cluster,
        HttpResponse response,
        CancellationToken cancel)
    {
        if (request.Value.ValueKind == JsonValueKind.Undefined)
        {
            throw new InvalidArgumentException("value", "'value' is required; it may be null.");
        }

        if (request.IfVersion < 0)
        {
            throw new InvalidArgumentException("ifVersion", "A version is not negative.");
        }

        if (request.IfVersion is not null && precondition.Expected is not null)
        {
            throw new InvalidArgumentException("ifVersion", "'ifVersion' and a precondition in the headers cannot be combined.");
        }

        var value = JsonBody.Checked(JsonMarshal.GetRawUtf8Value(request.Value), "value");
        var result = await cluster.ExecuteAsync(new KvPut(KeyOf(topic), TtlMs: null, request.IfVersion ?? precondition.Expected, value), headers.Options, cancel);
        if (result is not CommandResult.KvWritten written)
        {
            return ClusterProblems.Of(result);
        }

        response.Headers.ETag = KeyResult.ETag(written.Revision);
        return TypedResults.Ok(new PutStateResponse(topic.Value, written.Revision, written.Created, StateBackends.Cluster));
    }

    // Longer than a key that is named in a path may be: the limit is that of the topic.
    private static string KeyOf(SegmentName topic) => Prefix + topic.Value;
}
