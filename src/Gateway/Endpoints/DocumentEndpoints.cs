using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Endpoints;

internal static class DocumentEndpoints
{
    /// <summary>What can be read anywhere, on a follower too.</summary>
    public static RouteGroupBuilder MapDocumentReads(this IEndpointRouteBuilder routes)
    {
        var documents = routes.MapGroup(Routes.Collections + "/{collection}/docs").WithTags("Documents");
        documents.MapGet("", ListDocuments).WithName("listDocuments").AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound);
        documents.MapGet("/{key}", GetDocument).WithName("getDocument")
            .AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound, ErrorCodes.DocumentNotFound).AnswersWithETag();
        return documents;
    }

    public static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        var documents = routes.MapDocumentReads();
        documents.MapPut("/{key}", PutDocument).WithName("putDocument")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound, ErrorCodes.RevConflict, ErrorCodes.ConflictOpen, ErrorCodes.OutboxFull, ErrorCodes.ReadOnly).AnswersWithETag();
        documents.MapDelete("/{key}", DeleteDocument).WithName("deleteDocument")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound, ErrorCodes.DocumentNotFound, ErrorCodes.RevConflict, ErrorCodes.ConflictOpen, ErrorCodes.OutboxFull, ErrorCodes.ReadOnly);
    }

    /// <summary>Lists documents by key, with values of up to 4 KiB.</summary>
    private static async Task<Results<Ok<Page<DocumentView>>, ProblemResult>> ListDocuments(
        SegmentName collection, PageQuery page, PrefixQuery prefix, DocumentSource documents, CancellationToken cancel)
    {
        var (name, after) = (collection.Value, page.AfterName);
        var items = await documents.ReadAsync(
            state => SystemDocuments.Exists(name)
                ? new SystemDocuments(state, documents.Follower).Range(name, prefix.Value, after).Take(page.Limit + 1).ToList()
                : state.Documents.Get(name) is { } found
                    ? found.Range(prefix.Value, after).Take(page.Limit + 1).Select(document => DocumentViews.Of(state.Documents, found, document, preview: true)).ToList()
                    : null,
            cancel);
        return items is null
            ? DocumentProblems.Of(new DocumentResult.CollectionNotFound())
            : TypedResults.Ok(page.Cut(items, item => item, item => Cursor.Of(item.Key)));
    }

    /// <summary>Reads a document. The revision is also the ETag.</summary>
    private static async Task<Results<Ok<DocumentView>, ProblemResult>> GetDocument(
        SegmentName collection, SegmentName key, DocumentSource documents, HttpResponse response, CancellationToken cancel)
    {
        var name = collection.Value;
        var (exists, view) = await documents.ReadAsync(
            state => SystemDocuments.Exists(name)
                ? (true, new SystemDocuments(state, documents.Follower).Get(name, key.Value))
                : state.Documents.Get(name) is { } found
                    ? (true, found.Get(key.Value) is { } document ? DocumentViews.Of(state.Documents, found, document) : null)
                    : (false, null),
            cancel);
        if (view is null)
        {
            return DocumentProblems.Of(exists ? new DocumentResult.NotFound() : new DocumentResult.CollectionNotFound());
        }

        response.Headers.ETag = $"\"{view.Rev}\"";
        return TypedResults.Ok(view);
    }

    /// <summary>Writes a document, if need be only when it has the revision that was read.</summary>
    private static async Task<Results<Ok<PutDocumentResponse>, ProblemResult>> PutDocument(
        SegmentName collection,
        SegmentName key,
        PutDocumentBody body,
        RevPrecondition precondition,
        WriteHeaders headers,
        RegionQuery region,
        HttpResponse response,
        CancellationToken cancel)
    {
        if (DocumentRequests.IsSystem(collection.Value))
        {
            return DocumentRequests.ReadOnly(collection.Value);
        }

        var command = new DocumentPut(collection.Value, key.Value, precondition.And(body.Rev), region.Id, body.Value);
        var result = await region.Cluster.ExecuteAsync(command, headers.Options, cancel);
        if (result is not DocumentResult.Written written)
        {
            return ClusterProblems.Of(result);
        }

        response.Headers.ETag = $"\"{written.Rev}\"";
        return TypedResults.Ok(new PutDocumentResponse(collection.Value, key.Value, written.Rev, written.Sequence, written.Created));
    }

    /// <summary>Deletes a document, if need be only when it has the revision that was read.</summary>
    private static async Task<Results<Ok<DeleteDocumentResponse>, ProblemResult>> DeleteDocument(
        SegmentName collection, SegmentName key, RevPrecondition precondition, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        if (DocumentRequests.IsSystem(collection.Value))
        {
            return DocumentRequests.ReadOnly(collection.Value);
        }

        var command = new DocumentDelete(collection.Value, key.Value, precondition.Expected, region.Id);
        var result = await region.Cluster.ExecuteAsync(command, headers.Options, cancel);
        return result is DocumentResult.Deleted deleted
            ? TypedResults.Ok(new DeleteDocumentResponse(collection.Value, key.Value, deleted.Rev, deleted.Sequence))
            : ClusterProblems.Of(result);
    }
}
