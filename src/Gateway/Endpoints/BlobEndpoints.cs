using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class BlobEndpoints
{
    private static readonly ResponseHeaderDoc ETagDoc = new(HeaderNames.ETag, "The SHA-256 of the content in quotes.");

    public static void MapBlobs(this IEndpointRouteBuilder routes)
    {
        var blobs = routes.MapGroup("").WithTags("Blobs");
        blobs.MapGet(Routes.BlobTransfers, GetTransfers).WithName("getBlobTransfers").Answers(ErrorCodes.RegionNotFound);
        blobs.MapGet(Routes.Blobs, ListBlobs).WithName("listBlobs").AnswersToRead(ErrorCodes.RegionNotFound);
        blobs.MapGet(Routes.Blobs + "/{id}", GetBlob).WithName("getBlob")
            .AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.BlobNotFound, ErrorCodes.BlobNotHereYet, ErrorCodes.RangeNotSatisfiable).WithMetadata(ETagDoc, RangeDoc);
        blobs.MapMethods(Routes.Blobs + "/{id}", [HttpMethods.Head], HeadBlob).WithName("headBlob")
            .AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.BlobNotFound, ErrorCodes.BlobNotHereYet).WithMetadata(ETagDoc);
        blobs.MapPut(Routes.Blobs + "/{id}", PutBlob).WithName("putBlob")
            .AnswersToRead(
                ErrorCodes.RegionNotFound, ErrorCodes.UploadNotFound, ErrorCodes.UploadMismatch, ErrorCodes.WrongChecksum, ErrorCodes.PayloadTooLarge, ErrorCodes.LimitReached,
                ErrorCodes.OutboxFull, ErrorCodes.StaleToken, ErrorCodes.DiskFull)
            .Accepts<Stream>("*/*")
            .WithMetadata([new DisableRequestSizeLimitAttribute(), .. PutDocs]);
        blobs.MapDelete(Routes.Blobs + "/{id}", DeleteBlob).WithName("deleteBlob").AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.BlobNotFound, ErrorCodes.OutboxFull);
        blobs.MapGet(Routes.Blobs + "/{id}/upload", GetUpload).WithName("getBlobUpload").AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.UploadNotFound);
        blobs.MapDelete(Routes.Blobs + "/{id}/upload", AbortUpload).WithName("abortBlobUpload").AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.UploadNotFound);
    }

    private static ParameterDoc RangeDoc { get; } = new(HeaderNames.Range, ParameterLocation.Header, "One range of bytes, as in `bytes=0-1023`; the answer is 206 then.");

    private static IEnumerable<ParameterDoc> PutDocs { get; } =
    [
        new(HeaderNames.ContentRange, ParameterLocation.Header,
            "Which part this is, as in `bytes 1048576-2097151/5000000`; it begins at a multiple of 1 MiB. Without it the body is the whole blob. `bytes */5000000` with an empty body completes an upload."),
        new(Headers.ContentSha256, ParameterLocation.Header, "SHA-256 of the whole content, 64 hexadecimal digits."),
        new(Headers.ReprDigest, ParameterLocation.Header, "SHA-256 of the whole content, `sha-256=:base64:` (RFC 9530)."),
        new(Headers.ContentDigest, ParameterLocation.Header, "SHA-256 of the bytes of this request, `sha-256=:base64:` (RFC 9530)."),
        ReasonHeader.Doc,
        FencingHeader.Doc,
    ];

    /// <summary>Shows what is on its way in a region: uploads of its whole cluster, blobs that arrive from other regions, downloads from this gateway, and what each node has on its disk.</summary>
    private static Ok<BlobStatus> GetTransfers(BlobRegionQuery region, BlobMonitor monitor) => TypedResults.Ok(monitor.Current(region.Blobs));

    /// <summary>Lists blobs by id.</summary>
    private static async Task<Ok<Page<BlobView>>> ListBlobs(PageQuery page, PrefixQuery prefix, RegionQuery region, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await region.Cluster.ReadAsync(state => state.Blobs.Range(prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, BlobViews.Of, item => Cursor.Of(item.Id)));
    }

    /// <summary>Reads the content of a blob, or a range of it. Every chunk is checked before it is sent; a damaged one is taken from another node.</summary>
    private static async Task<Results<BlobContentResult, ProblemResult>> GetBlob(
        SegmentName id, BlobRegionQuery region, ChunkBuffers buffers, BlobTransfers transfers, CancellationToken cancel)
    {
        var (blob, arrival) = await region.Blobs.Region.Cluster.ReadAsync(state => (state.Blobs.Get(id.Value), state.Blobs.GetArrival(id.Value)), cancel);
        return blob is not null ? new BlobContentResult(blob, region.Blobs, buffers, transfers)
            : arrival is not null ? BlobProblems.NotHereYet(arrival)
            : BlobProblems.Of(new BlobResult.NotFound());
    }

    /// <summary>Tells size, type and SHA-256 of a blob in the headers, without its content.</summary>
    private static Task<Results<BlobContentResult, ProblemResult>> HeadBlob(
        SegmentName id, BlobRegionQuery region, ChunkBuffers buffers, BlobTransfers transfers, CancellationToken cancel) =>
        GetBlob(id, region, buffers, transfers, cancel);

    /// <summary>
    /// Writes a blob, whole or in parts. It becomes visible at once and whole, when every byte is durable on a majority of the nodes. A request that
    /// breaks off is continued from what was received.
    /// </summary>
    private static async Task<Results<Created<PutBlobResponse>, Ok<PutBlobResponse>, Accepted<BlobUploadView>, ProblemResult>> PutBlob(
        SegmentName id, HttpRequest request, BlobRegionQuery region, HttpResponse response, CancellationToken cancel)
    {
        var options = new WriteOptions(Reason: ReasonHeader.Read(request.Headers), Fence: FencingHeader.Read(request.Headers));
        var outcome = await region.Blobs.Receiver.ReceiveAsync(id.Value, UploadRequest.Read(request), request.Body, options, cancel);
        if (outcome.Problem is { } problem)
        {
            return problem;
        }

        if (outcome.Continued is { } upload)
        {
            response.Headers[Headers.UploadOffset] = upload.Received.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Accepted(Routes.BlobUpload(id.Value), upload);
        }

        var committed = outcome.Committed!;
        response.Headers.ETag = $"\"{committed.Sha256}\"";
        return committed.Created ? TypedResults.Created(Routes.Blob(id.Value), committed) : TypedResults.Ok(committed);
    }

    /// <summary>Deletes a blob. Whoever is reading it reads on.</summary>
    private static async Task<Results<Ok<DeleteBlobResponse>, ProblemResult>> DeleteBlob(
        SegmentName id, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        var result = await region.Cluster.ExecuteAsync(new BlobDelete(id.Value), headers.Options, cancel);
        return result is BlobResult.Deleted deleted ? TypedResults.Ok(new DeleteBlobResponse(id.Value, deleted.Size)) : ClusterProblems.Of(result);
    }

    /// <summary>Tells how far an upload is: go on from what was received.</summary>
    private static async Task<Results<Ok<BlobUploadView>, ProblemResult>> GetUpload(SegmentName id, RegionQuery region, HttpResponse response, CancellationToken cancel)
    {
        if (await region.Cluster.ReadAsync(state => state.Blobs.GetUpload(id.Value), cancel) is not { } upload)
        {
            return BlobProblems.Of(new BlobResult.UploadUnknown());
        }

        response.Headers[Headers.UploadOffset] = upload.Received.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(BlobViews.Of(upload));
    }

    /// <summary>Gives an upload up. The blob that has the id stays as it is.</summary>
    private static async Task<Results<NoContent, ProblemResult>> AbortUpload(SegmentName id, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        var result = await region.Cluster.ExecuteAsync(new BlobUploadAbort(id.Value, Number: null), headers.Options, cancel);
        return result is BlobResult.UploadAborted ? TypedResults.NoContent() : ClusterProblems.Of(result);
    }
}
