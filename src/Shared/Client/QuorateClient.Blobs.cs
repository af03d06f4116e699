using System.Net.Http.Headers;
using System.Security.Cryptography;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>Bytes of one request of <see cref="UploadBlobAsync"/>, and the memory that it takes.</summary>
    public const int BlobPartBytes = 8 << 20;

    /// <summary>Lists blobs by id.</summary>
    /// <param name="cursor">The page before's <see cref="Page{T}.NextCursor"/>; null for the first.</param>
    public Task<Page<BlobView>> ListBlobsAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<BlobView>>(
            WithQuery(Routes.Blobs, ("prefix", prefix), ("limit", limit?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("cursor", cursor)), cancellation);

    /// <summary>What is on its way, and what each node has.</summary>
    public Task<BlobStatus> GetBlobStatusAsync(CancellationToken cancellation = default) => GetAsync<BlobStatus>(Routes.BlobTransfers, cancellation);

    /// <summary>Writes a blob with one request, from a stream that is read once.</summary>
    /// <param name="sha256">Of the content, 64 hexadecimal digits; null: it is not checked on arrival.</param>
    /// <exception cref="QuorateException"><c>wrong_checksum</c>.</exception>
    public Task<PutBlobResponse> PutBlobAsync(
        string id, Stream content, string? contentType = null, string? sha256 = null, string? reason = null, CancellationToken cancellation = default)
    {
        var request = BlobRequest(id, new StreamContent(content), contentType, reason);
        if (sha256 is not null)
        {
            request.Headers.Add(Headers.ContentSha256, sha256);
        }

        return SendAsync<PutBlobResponse>(request, cancellation);
    }

    /// <summary>Writes a blob in parts of <see cref="BlobPartBytes"/>, each with its checksum.</summary>
    /// <param name="content">Read once, from where it stands.</param>
    /// <param name="size">Bytes that it has, from 0.</param>
    /// <param name="progress">Told how many bytes are durable.</param>
    /// <exception cref="EndOfStreamException">The stream had fewer bytes.</exception>
    public async Task<PutBlobResponse> UploadBlobAsync(
        string id, Stream content, long size, string? contentType = null, string? reason = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (size == 0)
        {
            return await PutBlobAsync(id, Stream.Null, contentType, null, reason, cancellation);
        }

        var buffer = new byte[Math.Min(size, BlobPartBytes)];
        for (var from = 0L; ; from += buffer.Length)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - from));
            await content.ReadExactlyAsync(part, cancellation);
            var request = BlobRequest(id, new ReadOnlyMemoryContent(part), contentType, reason);
            request.Content!.Headers.ContentRange = new ContentRangeHeaderValue(from, from + part.Length - 1, size);
            request.Content.Headers.TryAddWithoutValidation(Headers.ContentDigest, $"sha-256=:{Convert.ToBase64String(SHA256.HashData(part.Span))}:");
            if (from + part.Length == size)
            {
                var committed = await SendAsync<PutBlobResponse>(request, cancellation);
                progress?.Report(size);
                return committed;
            }

            progress?.Report((await SendAsync<BlobUploadView>(request, cancellation)).Received);
        }
    }

    /// <summary>Reads the content of a blob. Dispose of the stream.</summary>
    /// <exception cref="QuorateException"><c>blob_not_found</c>.</exception>
    public async Task<Stream> GetBlobAsync(string id, CancellationToken cancellation = default)
    {
        using var request = Request(HttpMethod.Get, Routes.Blob(id));
        return await (await AnswerAsync(request, cancellation)).Content.ReadAsStreamAsync(cancellation);
    }

    /// <exception cref="QuorateException"><c>blob_not_found</c>.</exception>
    public Task<DeleteBlobResponse> DeleteBlobAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<DeleteBlobResponse>(Request(HttpMethod.Delete, Routes.Blob(id), reason: reason), cancellation);

    /// <summary>How far an upload is.</summary>
    /// <exception cref="QuorateException"><c>upload_not_found</c>.</exception>
    public Task<BlobUploadView> GetBlobUploadAsync(string id, CancellationToken cancellation = default) =>
        GetAsync<BlobUploadView>(Routes.BlobUpload(id), cancellation);

    /// <summary>Gives an upload up; the blob that has the id stays as it is.</summary>
    /// <exception cref="QuorateException"><c>upload_not_found</c>.</exception>
    public Task AbortBlobUploadAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(Request(HttpMethod.Delete, Routes.BlobUpload(id), reason: reason), cancellation);

    private static HttpRequestMessage BlobRequest(string id, HttpContent content, string? contentType, string? reason)
    {
        var request = Request(HttpMethod.Put, Routes.Blob(id), reason: reason);
        request.Content = content;
        if (!string.IsNullOrEmpty(contentType))
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return request;
    }
}
