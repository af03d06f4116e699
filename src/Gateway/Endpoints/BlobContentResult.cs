using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Answers the content of a blob, or a range of it; each chunk is checked before a byte of it is sent.</summary>
internal sealed class BlobContentResult(BlobManifest blob, RegionBlobs blobs, ChunkBuffers buffers, BlobTransfers transfers) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), ["application/octet-stream"]));

    public async Task ExecuteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Describe(response);
        if (IsKnown(request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (from, length) = (0L, blob.Size);
        if (RangeOf(request) is { } range)
        {
            if (range.Length == 0)
            {
                response.Clear();
                response.Headers.ContentRange = $"bytes */{blob.Size}";
                await new ProblemResult(ErrorCodes.RangeNotSatisfiable, $"The blob has {blob.Size} bytes.").ExecuteAsync(context);
                return;
            }

            (from, length) = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{blob.Size}");
        }

        response.ContentLength = length;
        if (!HttpMethods.IsHead(request.Method) && length > 0)
        {
            using var transfer = transfers.Begin(blobs.Id, blob.Id, BlobTransferKinds.Download, length);
            await SendAsync(context, from, length, transfer);
        }
    }

    private void Describe(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = blob.ContentType;
        response.Headers.ETag = BlobViews.ETag(blob);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.LastModified = HeaderUtilities.FormatDate(Views.Time(blob.ModifiedAt));
        response.Headers[Headers.ReprDigest] = ExpectedDigests.Field(blob.Sha256);

        // Whoever wrote it decides what it is: nothing of it may run as a page of the console.
        response.Headers.ContentDisposition = "attachment";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
    }

    private bool IsKnown(HttpRequest request) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag => tag == EntityTagHeaderValue.Any || tag.Tag == BlobViews.ETag(blob));

    /// <returns>Null: everything. A length of 0: there is nothing of that range.</returns>
    private (long From, long Length)? RangeOf(HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var outdated = headers.IfRange is { } condition && condition.EntityTag?.Tag != BlobViews.ETag(blob);
        if (headers.Range is not { Ranges.Count: 1 } range || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || outdated)
        {
            return null;
        }

        var asked = range.Ranges.First();
        if (asked.From is not { } from)
        {
            var last = Math.Min(asked.To ?? 0, blob.Size);
            return (blob.Size - last, last);
        }

        return from >= blob.Size ? (0, 0) : (from, Math.Min(asked.To ?? long.MaxValue, blob.Size - 1) - from + 1);
    }

    /// <summary>Sends a range, and reads the next chunk meanwhile when there is memory for it.</summary>
    private async Task SendAsync(HttpContext context, long from, long length, BlobTransfers.Transfer transfer)
    {
        var cancel = context.RequestAborted;
        var (chunk, skip, left) = ((int)(from / BlobLimits.ChunkBytes), (int)(from % BlobLimits.ChunkBytes), length);
        var next = FetchAsync(chunk, cancel);
        while (left > 0)
        {
            var buffer = await next ?? throw Unavailable(context);
            var content = buffer.Content[skip..];
            content = content[..(int)Math.Min(content.Length, left)];
            (chunk, skip, left) = (chunk + 1, 0, left - content.Length);
            var ahead = left > 0 && buffers.TryTakeExtra();
            next = ahead ? FetchAsync(chunk, cancel) : Nothing;
            try
            {
                await context.Response.Body.WriteAsync(content, cancel);
                transfer.Move(content.Length);
            }
            catch
            {
                (await next)?.Release();
                throw;
            }
            finally
            {
                buffer.Release();
                if (ahead)
                {
                    buffers.ReturnExtra();
                }
            }

            next = ahead || left == 0 ? next : FetchAsync(chunk, cancel);
        }
    }

    private static Task<ChunkBuffer?> Nothing { get; } = Task.FromResult<ChunkBuffer?>(null);

    private async Task<ChunkBuffer?> FetchAsync(int chunk, CancellationToken cancel)
    {
        var buffer = buffers.Rent();
        try
        {
            if (await blobs.Replicas.FetchAsync(blob.Chunks[chunk], buffer.Whole, cancel) is { } length)
            {
                buffer.Length = length;
                return buffer;
            }
        }
        catch (OperationCanceledException)
        {
            // The client is gone; what is being written to it says so.
        }

        buffer.Release();
        return null;
    }

    private static NoQuorumException Unavailable(HttpContext context)
    {
        // What was promised cannot be kept: a connection that ends early is noticed, a short answer would not be.
        if (context.Response.HasStarted)
        {
            context.Abort();
        }

        return new NoQuorumException(mayHaveHappened: false);
    }
}
