using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Regions, what waits to be sent, and deletions that wait for an operator.</summary>
internal static class RegionEndpoints
{
    /// <summary>Changes or deletions moved with one entry of the log.</summary>
    private const int AtOnce = 1000;

    public static void MapRegions(this IEndpointRouteBuilder routes)
    {
        var regions = routes.MapGroup(Routes.Regions).WithTags("Regions");
        regions.MapGet("", GetRegions).WithName("getRegions").Answers();
        regions.MapGet("/{region}/queue", GetSyncQueue).WithName("getSyncQueue").AnswersToRead(ErrorCodes.RegionNotFound);
        regions.MapPost("/{region}/queue/retry", RetrySyncQueue).WithName("retrySyncQueue").AnswersToWrite(ErrorCodes.RegionNotFound);
        regions.MapGet("/{region}/brakes", ListBrakes).WithName("listBrakes").AnswersToRead(ErrorCodes.RegionNotFound);
        regions.MapPost("/{region}/brakes/{collection}", DecideBrake).WithName("decideBrake")
            .AnswersToWrite(ErrorCodes.RegionNotFound, ErrorCodes.BrakeNotFound);
    }

    /// <summary>Shows the regions that this process knows, and the links between them with lag and catch-up.</summary>
    private static Ok<RegionsView> GetRegions(RegionMonitor monitor) => TypedResults.Ok(monitor.Current);

    /// <summary>Shows the changes of a region that wait to be sent, in the order of sending.</summary>
    private static async Task<Ok<SyncQueueView>> GetSyncQueue(RegionSegment region, SyncQueueQuery query, PageQuery page, CancellationToken cancel) =>
        TypedResults.Ok(await region.Cluster.ReadAsync(state => SyncQueueViews.Of(region.Id, state, query, page), cancel));

    /// <summary>Has changes that were refused so often that they wait for an operator tried again.</summary>
    private static async Task<Results<Ok<RetrySyncQueueResponse>, ProblemResult>> RetrySyncQueue(
        RegionSegment region, WriteHeaders headers, RegionAgents agents, CancellationToken cancel)
    {
        var (options, retried) = (Several(headers), 0L);
        while (true)
        {
            var result = await region.Cluster.ExecuteAsync(new OutboxRetry(Id: null, AtOnce), options, cancel);
            if (result is not ExchangeResult.OutboxReturned returned)
            {
                return ClusterProblems.Of(result);
            }

            retried += returned.Count;
            if (returned.Count < AtOnce)
            {
                agents.Find(region.Id)?.Wake();
                return TypedResults.Ok(new RetrySyncQueueResponse(region.Id, retried));
            }
        }
    }

    /// <summary>Lists collections of which other regions want to delete so much that it waits for an operator.</summary>
    private static async Task<Ok<Page<BrakeView>>> ListBrakes(RegionSegment region, CancellationToken cancel) =>
        TypedResults.Ok(new Page<BrakeView>(await region.Cluster.ReadAsync(state => BrakeViews.Of(region.Id, state), cancel), null));

    /// <summary>Carries out the deletions that wait, or refuses them: the documents then come back in the regions that deleted them.</summary>
    private static async Task<Results<Ok<BrakeResponse>, ProblemResult>> DecideBrake(
        RegionSegment region, SegmentName collection, BrakeRequest request, WriteHeaders headers, CancellationToken cancel)
    {
        var action = BrakeViews.ActionOf(request);
        RegionCommand command = action == BrakeActions.Release
            ? new BrakeRelease(collection.Value, AtOnce)
            : new BrakeRefuse(collection.Value, AtOnce);
        var (options, affected) = (Several(headers), 0L);
        while (true)
        {
            var result = await region.Cluster.ExecuteAsync(command, options, cancel);
            if (result is RegionResult.BrakeMoved moved)
            {
                affected += moved.Count;
                if (moved.Remaining > 0)
                {
                    continue;
                }
            }
            else if (affected == 0)
            {
                return ClusterProblems.Of(result);
            }

            return TypedResults.Ok(new BrakeResponse(region.Id, collection.Value, action, affected));
        }
    }

    // Repeating the request goes on where it ended, so that it needs no number or key; with one, each round would get the answer of the first.
    private static WriteOptions Several(WriteHeaders headers) => headers.Options with { Session = null, IdempotencyKey = null };
}
