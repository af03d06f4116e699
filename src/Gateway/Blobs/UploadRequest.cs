using System.Globalization;
using Microsoft.Net.Http.Headers;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Blobs;

/// <summary>What a PUT of a blob brings: the whole content, or a part of it.</summary>
/// <param name="Offset">Where the content begins in the blob.</param>
/// <param name="Length">Bytes of this request; null when it does not say.</param>
/// <param name="Total">Bytes of the blob; null when nobody knows yet.</param>
/// <param name="IsPart">Whether it came with a Content-Range.</param>
internal sealed record UploadRequest(long Offset, long? Length, long? Total, bool IsPart, string ContentType, ExpectedDigests Expected)
{
    private const string DefaultType = "application/octet-stream";

    /// <summary>Whether the blob is complete when this request has been read to its end.</summary>
    public bool IsLast => !IsPart || (Total is { } total && Offset + (Length ?? 0) == total);

    /// <exception cref="InvalidArgumentException">A header is not valid; the field is its name.</exception>
    /// <exception cref="BadHttpRequestException">The blob would be too large.</exception>
    public static UploadRequest Read(HttpRequest request)
    {
        var contentType = request.ContentType ?? DefaultType;
        if (contentType.Length > BlobLimits.MaxContentType)
        {
            throw new InvalidArgumentException(HeaderNames.ContentType, $"Content-Type has more than {BlobLimits.MaxContentType} characters.");
        }

        var range = request.Headers.ContentRange.ToString();
        var upload = range.Length == 0
            ? new UploadRequest(0, request.ContentLength, request.ContentLength, IsPart: false, contentType, ExpectedDigests.Read(request.Headers))
            : ReadPart(range, request.ContentLength) with { ContentType = contentType, Expected = ExpectedDigests.Read(request.Headers) };
        return upload.Total is null or <= BlobLimits.MaxBytes ? upload : throw TooLarge();
    }

    public static BadHttpRequestException TooLarge() => new("The blob is too large.", StatusCodes.Status413PayloadTooLarge);

    private static UploadRequest ReadPart(string text, long? length)
    {
        if (!ContentRangeHeaderValue.TryParse(text, out var range) || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"Content-Range must be as in 'bytes 1048576-2097151/5000000', but is '{text}'.");
        }

        // Nothing but a question: is it complete?
        if (range.From is not { } from)
        {
            return length is 0 && range.Length is { } whole
                ? new UploadRequest(whole, 0, whole, IsPart: true, "", ExpectedDigests.None)
                : throw Invalid("Content-Range 'bytes */total' goes with an empty body, and completes an upload of which every byte is durable.");
        }

        if (from % BlobLimits.ChunkBytes != 0)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"A part begins where a chunk does: at a multiple of {BlobLimits.ChunkBytes}. Ask for the upload and go on from what was received."));
        }

        var bytes = range.To!.Value - from + 1;
        return length is null || length == bytes
            ? new UploadRequest(from, bytes, range.Length, IsPart: true, "", ExpectedDigests.None)
            : throw Invalid($"Content-Range speaks of {bytes} bytes, Content-Length of {length}.");
    }

    private static InvalidArgumentException Invalid(string message) => new(HeaderNames.ContentRange, message);
}
