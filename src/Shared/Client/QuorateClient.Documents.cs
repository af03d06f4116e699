using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Documents;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>Collections by name. The system's own are listed when the prefix begins with <c>_</c>.</summary>
    public Task<Page<CollectionView>> ListCollectionsAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<CollectionView>>(WithQuery(Routes.Collections, ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>collection_not_found</c>.</exception>
    public Task<CollectionView> GetCollectionAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<CollectionView>(Routes.Collection(name), cancellation);

    /// <summary>Creates a collection. One that exists with the same strategy is answered as it is.</summary>
    /// <param name="conflictStrategy">One of <see cref="ConflictStrategies"/>.</param>
    /// <exception cref="QuorateException"><c>collection_exists</c> with another strategy.</exception>
    public Task<CollectionView> CreateCollectionAsync(
        string name, string conflictStrategy = ConflictStrategies.LastWriterWins, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<CollectionView>(Request(HttpMethod.Post, Routes.Collections, new CreateCollectionRequest(name, conflictStrategy), reason), cancellation);

    /// <summary>Drops a collection with every document in it.</summary>
    /// <exception cref="QuorateException"><c>collection_not_found</c>.</exception>
    public Task<DropCollectionResponse> DropCollectionAsync(string name, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<DropCollectionResponse>(Request(HttpMethod.Delete, Routes.Collection(name), reason: reason), cancellation);

    /// <summary>Documents by key. Values over 4 KiB are left out; <see cref="GetDocumentAsync"/> has them.</summary>
    /// <exception cref="QuorateException"><c>collection_not_found</c>.</exception>
    public Task<Page<DocumentView>> ListDocumentsAsync(
        string collection, string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<DocumentView>>(
            WithQuery(Routes.Documents(collection), ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>collection_not_found</c> or <c>document_not_found</c>.</exception>
    public Task<DocumentView> GetDocumentAsync(string collection, string key, CancellationToken cancellation = default) =>
        GetAsync<DocumentView>(Routes.Document(collection, key), cancellation);

    /// <summary>Writes a document.</summary>
    /// <param name="rev">Writes only if the document still has this revision; null writes in any case.</param>
    /// <param name="onlyIfAbsent">Writes only if there is no such document.</param>
    /// <exception cref="QuorateException"><c>rev_conflict</c>; the problem's <c>current</c> holds the other revision and value.</exception>
    public Task<PutDocumentResponse> PutDocumentAsync(
        string collection,
        string key,
        JsonElement? value,
        string? rev = null,
        bool onlyIfAbsent = false,
        string? reason = null,
        CancellationToken cancellation = default)
    {
        var request = Request(HttpMethod.Put, Routes.Document(collection, key), new PutDocumentRequest(value, rev), reason);
        if (onlyIfAbsent)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        }

        return SendAsync<PutDocumentResponse>(request, cancellation);
    }

    /// <exception cref="QuorateException"><c>document_not_found</c> or <c>rev_conflict</c>.</exception>
    public Task<DeleteDocumentResponse> DeleteDocumentAsync(
        string collection, string key, string? rev = null, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<DeleteDocumentResponse>(
            Request(HttpMethod.Delete, WithQuery(Routes.Document(collection, key), ("rev", rev)), reason: reason), cancellation);
}
