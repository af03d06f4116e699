using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Gateway.Cache;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

internal static class CacheEndpoints
{
    public static void MapCache(this IEndpointRouteBuilder routes)
    {
        var cache = routes.MapGroup("").WithTags("Cache");
        cache.MapGet(Routes.CacheStats, GetStats).WithName("getCacheStats").Answers();
        cache.MapGet(Routes.Cache + "/{key}", GetCached).WithName("getCached").AnswersToRead(ErrorCodes.CacheMiss).AnswersWithETag();
        cache.MapPut(Routes.Cache + "/{key}", PutCached).WithName("putCached").AnswersToWrite().AnswersWithETag();
        cache.MapDelete(Routes.Cache + "/{key}", DeleteCached).WithName("deleteCached").AnswersToWrite();
    }

    /// <summary>Tells how the cache does: hits by layer and by prefix, what the layers hold, and how it stands with Redis.</summary>
    private static Ok<CacheStats> GetStats(CacheService cache) => TypedResults.Ok(cache.Stats());

    /// <summary>Reads a value: from this gateway's memory, the cluster, or Redis.</summary>
    private static async Task<Results<CacheResult, ProblemResult>> GetCached(SegmentName key, FreshHeader fresh, CacheService cache, CancellationToken cancel) =>
        await cache.GetAsync(key.Value, fresh.Value, cancel) is { } hit
            ? new CacheResult(hit)
            : new ProblemResult(ErrorCodes.CacheMiss, "No layer of the cache has the key: it was never written, was deleted, expired, or gave way to others.");

    /// <summary>Writes a value: to the cluster, which takes former values out of every gateway's memory, then to Redis.</summary>
    private static async Task<Results<Ok<PutCacheResponse>, ProblemResult>> PutCached(
        SegmentName key, PutKeyBody body, WriteHeaders headers, CacheService cache, HttpResponse response, CancellationToken cancel)
    {
        if (body.Value.Length > CacheTable.MaxValueBytes)
        {
            return new ProblemResult(ErrorCodes.PayloadTooLarge, $"A value of the cache may have at most {CacheTable.MaxValueBytes} bytes, but this one has {body.Value.Length}.")
            {
                Field = "value",
            };
        }

        var result = await cache.PutAsync(new CachePut(key.Value, body.TtlMs, body.Value), headers.Options, cancel);
        if (result is not CommandResult.CacheWritten written)
        {
            return ClusterProblems.Of(result);
        }

        response.Headers.ETag = KeyResult.ETag(written.Revision);
        return TypedResults.Ok(new PutCacheResponse(key.Value, written.Revision, Views.Time(written.ExpiresAt)));
    }

    /// <summary>Takes a key out of the cache, in every layer and at every gateway. A key that is not there is no error.</summary>
    private static async Task<Results<Ok<DeleteCacheResponse>, ProblemResult>> DeleteCached(
        SegmentName key, WriteHeaders headers, CacheService cache, CancellationToken cancel)
    {
        var result = await cache.DeleteAsync(new CacheDelete(key.Value), headers.Options, cancel);
        return result is CommandResult.CacheDeleted deleted
            ? TypedResults.Ok(new DeleteCacheResponse(key.Value, deleted.Revision, deleted.Existed))
            : ClusterProblems.Of(result);
    }
}
