using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Chunks of blobs for those who keep copies: followers, and other regions.</summary>
internal static class ChunkEndpoints
{
    private const int MaxAsked = 1000;

    public static void MapChunks(this IEndpointRouteBuilder routes)
    {
        var chunks = routes.MapGroup("").WithTags("Replication");
        chunks.MapPost(Routes.HasChunks, HasChunks).WithName("hasChunks").Answers(ErrorCodes.InvalidArgument);
        chunks.MapGet(Routes.Chunks + "/{chunk}", GetChunk).WithName("getChunk").Answers(ErrorCodes.InvalidArgument, ErrorCodes.NotFound)
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
    }

    /// <summary>Tells which chunks can be had from some node of this cluster.</summary>
    private static async Task<Ok<HasChunksResponse>> HasChunks(HasChunksRequest request, BlobRegions blobs, CancellationToken cancel)
    {
        if (request.Chunks is not { Count: <= MaxAsked })
        {
            throw new InvalidArgumentException("chunks", $"'chunks' must name at most {MaxAsked} chunks.");
        }

        return TypedResults.Ok(new HasChunksResponse(await blobs.First.Replicas.HasAsync([.. request.Chunks.Select(chunk => Parse("chunks", chunk))], cancel)));
    }

    /// <summary>Reads a chunk by its SHA-256, from any node that has it whole.</summary>
    private static async Task<IResult> GetChunk(SegmentName chunk, BlobRegions blobs, ChunkBuffers buffers, HttpResponse response, CancellationToken cancel)
    {
        var digest = Parse("chunk", chunk.Value);
        var buffer = buffers.Rent();
        try
        {
            if (await blobs.First.Replicas.FetchAsync(digest, buffer.Whole, cancel) is not { } length)
            {
                return new ProblemResult(ErrorCodes.NotFound, "No node that can be reached has this chunk whole.");
            }

            response.ContentType = "application/octet-stream";
            response.ContentLength = length;
            await response.Body.WriteAsync(buffer.Whole[..length], cancel);
            return Results.Empty;
        }
        finally
        {
            buffer.Release();
        }
    }

    private static Digest Parse(string field, string hex) => Digest.TryParse(hex, out var digest)
        ? digest
        : throw new InvalidArgumentException(field, $"'{field}' must be the SHA-256 of a chunk, 64 hexadecimal digits, but is '{hex}'.");
}
