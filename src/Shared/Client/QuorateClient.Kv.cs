using System.Globalization;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Kv;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>Keys under a prefix, in key order. Values over 4 KiB are left out; <see cref="GetKeyAsync"/> has them.</summary>
    /// <param name="limit">1 to 1000; null takes the gateway's default of 100.</param>
    public Task<Page<KeyView>> ListKeysAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<KeyView>>(WithQuery(Routes.Kv, ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>key_not_found</c>.</exception>
    public Task<KeyView> GetKeyAsync(string key, CancellationToken cancellation = default) =>
        GetAsync<KeyView>(Routes.Key(key), cancellation);

    /// <summary>Writes a key.</summary>
    /// <param name="ifRevision">
    /// Writes only if the key still has this revision; 0 only if it does not exist. Null writes in any case.
    /// </param>
    /// <exception cref="QuorateException"><c>revision_mismatch</c>; the problem's <c>current</c> holds the other value.</exception>
    public Task<PutKeyResponse> PutKeyAsync(
        string key, JsonElement? value, long? ifRevision = null, long? ttlMs = null, string? reason = null, CancellationToken cancellation = default)
    {
        var request = Request(HttpMethod.Put, Routes.Key(key), new PutKeyRequest(value, ttlMs), reason);
        AddIfMatch(request, ifRevision);
        return SendAsync<PutKeyResponse>(request, cancellation);
    }

    /// <exception cref="QuorateException"><c>key_not_found</c> or <c>revision_mismatch</c>.</exception>
    public Task<DeleteKeyResponse> DeleteKeyAsync(string key, long? ifRevision = null, string? reason = null, CancellationToken cancellation = default)
    {
        var request = Request(HttpMethod.Delete, Routes.Key(key), reason: reason);
        AddIfMatch(request, ifRevision);
        return SendAsync<DeleteKeyResponse>(request, cancellation);
    }

    /// <summary>What a key holds and held before, newest first: at most its last 32 revisions. Also of keys that are gone.</summary>
    /// <exception cref="QuorateException"><c>key_not_found</c> when nothing is kept of the key.</exception>
    public Task<Page<KeyRevisionView>> GetKeyHistoryAsync(string key, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<KeyRevisionView>>(WithQuery(Routes.KeyHistory(key), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <summary>Compares, then does all of one branch. A transaction whose conditions do not hold is no error: see <see cref="TransactionResponse.Succeeded"/>.</summary>
    /// <exception cref="QuorateException">An operation could not be carried out, and so nothing was: the problem's <c>field</c> names it, such as <c>then[2]</c>.</exception>
    public Task<TransactionResponse> RunTransactionAsync(TransactionRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<TransactionResponse>(Request(HttpMethod.Post, Routes.Transactions, request, reason), cancellation);

    /// <summary>Carries out independent operations in one round of consensus; each has its own result, in order.</summary>
    public Task<BatchResponse> RunBatchAsync(BatchRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<BatchResponse>(Request(HttpMethod.Post, Routes.Batch, request, reason), cancellation);

    /// <summary>The revision goes as the bare number of the contract, which HttpClient's typed header would refuse without quotes.</summary>
    private static void AddIfMatch(HttpRequestMessage request, long? revision)
    {
        if (revision is { } value)
        {
            request.Headers.TryAddWithoutValidation("If-Match", value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
