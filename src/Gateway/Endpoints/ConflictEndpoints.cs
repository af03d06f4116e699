using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>The ledger of conflicts.</summary>
internal static class ConflictEndpoints
{
    public static void MapConflicts(this IEndpointRouteBuilder routes)
    {
        var conflicts = routes.MapGroup("").WithTags("Conflicts");
        conflicts.MapGet(Routes.Conflicts, ListConflicts).WithName("listConflicts").AnswersToRead(ErrorCodes.RegionNotFound);
        conflicts.MapGet(Routes.Conflicts + "/{id}", GetConflict).WithName("getConflict").AnswersToRead(ErrorCodes.RegionNotFound, ErrorCodes.ConflictNotFound);
        conflicts.MapPost(Routes.Conflicts + "/{id}/resolve", ResolveConflict).WithName("resolveConflict")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.ConflictNotFound, ErrorCodes.ConflictOpen, ErrorCodes.RevConflict, ErrorCodes.OutboxFull);
        conflicts.MapPost(Routes.Conflicts + "/{id}/undo", UndoConflict).WithName("undoConflict").AnswersToWrite(
            ErrorCodes.RegionNotFound, ErrorCodes.ConflictNotFound, ErrorCodes.ConflictOpen, ErrorCodes.RevConflict, ErrorCodes.NothingToUndo, ErrorCodes.OutboxFull);
        conflicts.MapPost(Routes.ResolveConflicts, ResolveConflicts).WithName("resolveConflicts").AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.OutboxFull);
    }

    /// <summary>Lists conflicts, newest first, with values of up to 4 KiB.</summary>
    private static async Task<Ok<Page<ConflictView>>> ListConflicts(ConflictQuery query, PageQuery page, RegionQuery region, CancellationToken cancel)
    {
        var items = await region.Cluster.ReadAsync(
            state => query.Find(state.Regions.Conflicts, page.Cursor).Take(page.Limit + 1)
                .Select(conflict => (conflict.At, View: ConflictViews.Of(state, conflict, preview: true))).ToList(),
            cancel);
        return TypedResults.Ok(page.Cut(items, item => item.View, item => ConflictQuery.CursorOf(item.View, item.At)));
    }

    /// <summary>Shows a conflict with every version, and what was done about it.</summary>
    private static async Task<Results<Ok<ConflictView>, ProblemResult>> GetConflict(SegmentName id, RegionQuery region, CancellationToken cancel)
    {
        var view = await region.Cluster.ReadAsync(
            state => state.Regions.Conflicts.Get(id.Value) is { } conflict ? ConflictViews.Of(state, conflict) : null, cancel);
        return view is null ? RegionProblems.Of(new RegionResult.ConflictNotFound()) : TypedResults.Ok(view);
    }

    /// <summary>Settles a conflict: takes a version, writes another value, or lets all live on. It can be decided otherwise later.</summary>
    private static async Task<Results<Ok<ResolveConflictResponse>, ProblemResult>> ResolveConflict(
        SegmentName id, ResolveConflictBody body, RegionQuery region, WriteHeaders headers, CancellationToken cancel) =>
        Answer(await region.Cluster.ExecuteAsync(ConflictRequests.ToCommand(id.Value, body.Request), headers.Options, cancel));

    /// <summary>Takes the last decision back, as long as nothing was written since.</summary>
    private static async Task<Results<Ok<ResolveConflictResponse>, ProblemResult>> UndoConflict(
        SegmentName id, RegionQuery region, WriteHeaders headers, CancellationToken cancel) =>
        Answer(await region.Cluster.ExecuteAsync(new ConflictUndo(id.Value), headers.Options, cancel));

    /// <summary>Settles all conflicts that a filter finds; a dry run says what would become of them.</summary>
    private static async Task<Results<Ok<ResolveConflictsResponse>, ProblemResult>> ResolveConflicts(
        ResolveConflictsRequest request, DryRunQuery dryRun, RegionQuery region, WriteHeaders headers, CancellationToken cancel)
    {
        var (choice, query, max) = (ConflictRequests.Choice(request.Strategy, request.Region), ConflictRequests.ToQuery(request), ConflictRequests.MaxOf(request));
        var found = await region.Cluster.ReadAsync(
            state => query.Find(state.Regions.Conflicts, after: null).Take(max + 1).Select(conflict => BulkResolution.PlanOf(state, conflict, choice)).ToList(),
            cancel);
        var steps = found.Take(max).ToList();
        if (dryRun.Value)
        {
            return TypedResults.Ok(new ResolveConflictsResponse(DryRun: true, steps.Count, 0, found.Count > max, [.. steps.Select(step => step.Plan)]));
        }

        var (items, problem) = await BulkResolution.RunAsync(region.Cluster, steps, headers.Options, cancel);
        return items is null
            ? problem!
            : TypedResults.Ok(new ResolveConflictsResponse(DryRun: false, items.Count, items.Count(item => item.Error is null), found.Count > max, items));
    }

    private static Results<Ok<ResolveConflictResponse>, ProblemResult> Answer(Core.StateMachine.CommandResult result) =>
        result is RegionResult.ConflictSettled settled
            ? TypedResults.Ok(new ResolveConflictResponse(settled.Id, ConflictViews.Of(settled.Status), settled.Rev))
            : ClusterProblems.Of(result);
}
