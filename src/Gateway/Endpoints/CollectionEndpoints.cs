using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Contracts;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Replication;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints;

internal static class CollectionEndpoints
{
    /// <summary>What can be read anywhere, on a follower too.</summary>
    public static RouteGroupBuilder MapCollectionReads(this IEndpointRouteBuilder routes)
    {
        var collections = routes.MapGroup(Routes.Collections).WithTags("Documents");
        collections.MapGet("", ListCollections).WithName("listCollections").AnswersToRead(ErrorCodes.RegionNotFound);
        collections.MapGet("/{collection}", GetCollection).WithName("getCollection").AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.CollectionNotFound);
        return collections;
    }

    public static void MapCollections(this IEndpointRouteBuilder routes)
    {
        var collections = routes.MapCollectionReads();
        collections.MapPost("", CreateCollection).WithName("createCollection")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.OutboxFull, ErrorCodes.CollectionExists, ErrorCodes.LimitReached, ErrorCodes.ReadOnly);
        collections.MapDelete("/{collection}", DropCollection).WithName("dropCollection")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.OutboxFull, ErrorCodes.CollectionNotFound, ErrorCodes.ReadOnly);
    }

    /// <summary>Lists collections by name. The system's own are listed when the prefix begins with '_'.</summary>
    private static async Task<Ok<Page<CollectionView>>> ListCollections(
        PageQuery page, PrefixQuery prefix, DocumentSource documents, CancellationToken cancel)
    {
        var after = page.AfterName;
        var items = await documents.ReadAsync(
            state => Listed(state, documents.Follower, prefix.Value, after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, item => item, item => Cursor.Of(item.Name)));
    }

    /// <summary>Shows a collection.</summary>
    private static async Task<Results<Ok<CollectionView>, ProblemResult>> GetCollection(
        SegmentName collection, DocumentSource documents, CancellationToken cancel)
    {
        var view = await documents.ReadAsync(
            state => SystemDocuments.Exists(collection.Value)
                ? new SystemDocuments(state, documents.Follower).View(collection.Value)
                : state.Documents.Get(collection.Value) is { } found ? DocumentViews.Of(found) : null,
            cancel);
        return view is null ? DocumentProblems.Of(new DocumentResult.CollectionNotFound()) : TypedResults.Ok(view);
    }

    /// <summary>Creates a collection. One that exists with the same strategy is answered as it is.</summary>
    private static async Task<Results<Created<CollectionView>, Ok<CollectionView>, ProblemResult>> CreateCollection(
        CreateCollectionRequest request, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        var command = DocumentRequests.ToCommand(request);
        if (DocumentRequests.IsSystem(command.Collection))
        {
            return DocumentRequests.ReadOnly(command.Collection);
        }

        var result = await region.Cluster.ExecuteAsync(command, headers.Options, cancel);
        if (result is not DocumentResult.CollectionReady ready)
        {
            return ClusterProblems.Of(result);
        }

        // It may have been dropped since: then it is shown as it was made.
        var view = region.Cluster.Peek(state => state.Documents.Get(command.Collection) is { } made ? DocumentViews.Of(made) : null)
            ?? new CollectionView(command.Collection, ConflictStrategyNames.Of(command.Strategy), 0, 0, CreatedAt: null);
        return ready.Created ? TypedResults.Created(Routes.Collection(command.Collection), view) : TypedResults.Ok(view);
    }

    /// <summary>Drops a collection with every document in it. It cannot be undone.</summary>
    private static async Task<Results<Ok<DropCollectionResponse>, ProblemResult>> DropCollection(
        SegmentName collection, WriteHeaders headers, RegionQuery region, CancellationToken cancel)
    {
        if (DocumentRequests.IsSystem(collection.Value))
        {
            return DocumentRequests.ReadOnly(collection.Value);
        }

        var result = await region.Cluster.ExecuteAsync(new CollectionDrop(collection.Value), headers.Options, cancel);
        return result is DocumentResult.CollectionDropped dropped
            ? TypedResults.Ok(new DropCollectionResponse(collection.Value, dropped.Documents))
            : ClusterProblems.Of(result);
    }

    private static IEnumerable<CollectionView> Listed(ClusterState state, string? follower, string prefix, string? after)
    {
        var own = state.Documents.Range(prefix, after).Select(DocumentViews.Of);
        return prefix.StartsWith('_')
            ? SystemDocuments.Names
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0)
                .Select(new SystemDocuments(state, follower).View)
                .Concat(own)
            : own;
    }
}
