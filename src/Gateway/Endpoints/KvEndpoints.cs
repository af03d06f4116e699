using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class KvEndpoints
{
    public static void MapKv(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup(Routes.Kv).WithTags("Key-value");
        keys.MapGet("", ListKeys).WithName("listKeys").AnswersToRead();
        keys.MapGet("/{key}", GetKey).WithName("getKey").AnswersToRead(ErrorCodes.KeyNotFound).AnswersWithETag();
        keys.MapPut("/{key}", PutKey).WithName("putKey").AnswersToWrite(ErrorCodes.RevisionMismatch).AnswersWithETag();
        keys.MapDelete("/{key}", DeleteKey).WithName("deleteKey").AnswersToWrite(ErrorCodes.KeyNotFound, ErrorCodes.RevisionMismatch);
    }

    /// <summary>Lists keys in order, with values of up to 4 KiB.</summary>
    private static async Task<Ok<Page<KeyView>>> ListKeys(PageQuery page, PrefixQuery prefix, ClusterClient cluster, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await cluster.ReadAsync(state => state.Kv.Range(prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, item => Views.Of(item, preview: true), item => Cursor.Of(item.Key)));
    }

    /// <summary>Reads a key. The revision is also the ETag.</summary>
    private static async Task<Results<KeyResult, ProblemResult>> GetKey(SegmentName key, ClusterClient cluster, CancellationToken cancel) =>
        await cluster.ReadAsync(state => state.Kv.Get(key.Value), cancel) is { } item
            ? new KeyResult(item)
            : ClusterProblems.Of(new CommandResult.KvNotFound());

    /// <summary>Writes a key, if need be only when it has an expected revision.</summary>
    private static async Task<Results<Answer<PutKeyResponse>, ProblemResult>> PutKey(
        SegmentName key,
        PutKeyBody body,
        Precondition precondition,
        WriteHeaders headers,
        ClusterClient cluster,
        HttpResponse response,
        CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(
            new KvPut(key.Value, body.TtlMs, precondition.Expected, body.Value), headers.Options, cancel);
        if (result is not CommandResult.KvWritten written)
        {
            return ClusterProblems.Of(result);
        }

        response.Headers.ETag = KeyResult.ETag(written.Revision);
        return Answer.Of(new PutKeyResponse(key.Value, written.Revision, written.Created));
    }

    /// <summary>Deletes a key, if need be only when it has an expected revision.</summary>
    private static async Task<Results<Answer<DeleteKeyResponse>, ProblemResult>> DeleteKey(
        SegmentName key, Precondition precondition, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new KvDelete(key.Value, precondition.Expected), headers.Options, cancel);
        return result is CommandResult.KvDeleted deleted
            ? Answer.Of(new DeleteKeyResponse(key.Value, deleted.Revision))
            : ClusterProblems.Of(result);
    }
}
