using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Health;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class HealthEndpoints
{
    /// <summary>Shorter than the second after which orchestrators commonly give up.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMilliseconds(800);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithTags("Health");
        health.MapGet(Routes.Live, GetLive).WithName("getLive");
        health.MapGet(Routes.Ready, GetReady).WithName("getReady").Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Says that the process is up.</summary>
    private static Ok<HealthReport> GetLive(ClusterClient cluster) =>
        TypedResults.Ok(Report(cluster, HealthStatuses.Live, detail: null));

    /// <summary>Says whether requests can be served: a quorum confirms the leader, and this gateway has seen all that is committed.</summary>
    private static async Task<Results<Ok<HealthReport>, JsonHttpResult<HealthReport>>> GetReady(ClusterClient cluster, CancellationToken cancel)
    {
        if (cluster.Leader is null)
        {
            return NotReady(cluster, "No leader is known.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ReadyLimit);
        try
        {
            // What a client would do: it works only with a quorum and a mirror that follows.
            await cluster.ReadAsync(state => state.AppliedIndex, limit.Token);
            return TypedResults.Ok(Report(cluster, HealthStatuses.Ready, detail: null));
        }
        catch (ClusterUnavailableException error)
        {
            return NotReady(cluster, error.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NotReady(cluster, "No quorum has confirmed the leader in time, or this gateway does not keep up with it.");
        }
    }

    private static JsonHttpResult<HealthReport> NotReady(ClusterClient cluster, string detail) =>
        TypedResults.Json(Report(cluster, HealthStatuses.NotReady, detail), statusCode: StatusCodes.Status503ServiceUnavailable);

    private static HealthReport Report(ClusterClient cluster, string status, string? detail) =>
        new(status, detail, cluster.Leader?.Link.Id.Value, cluster.AppliedIndex.Value);
}
