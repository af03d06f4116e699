using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Settles several conflicts in the same way, in one entry of the log; what was written since it was looked at is left alone.</summary>
internal static class BulkResolution
{
    /// <param name="Command">How it is settled: only when the document still has the revision that was looked at.</param>
    /// <param name="Plan">What becomes of it.</param>
    public sealed record Step(ConflictResolve Command, ResolvedConflict Plan);

    /// <param name="choice">As <see cref="ConflictRequests.Choice"/> made it.</param>
    public static Step PlanOf(ClusterState state, Conflict conflict, ConflictResolve choice)
    {
        var chosen = choice.Choice switch
        {
            ConflictChoice.Latest => conflict.Versions.Latest,
            ConflictChoice.Region => conflict.Versions.From(choice.Region!)!,
            _ => null,
        };
        var (becomes, truncated) = chosen is null ? (null, false) : ConflictViews.Value(chosen, preview: true);
        return new Step(
            choice with { Id = conflict.Id, Expected = state.Documents.Get(conflict.Collection)?.Get(conflict.Key)?.Rev },
            new ResolvedConflict(conflict.Id, conflict.Collection, conflict.Key, becomes, chosen?.Region, Error: null, truncated));
    }

    /// <returns>What became of each; the problem when none could be tried.</returns>
    public static async Task<(IReadOnlyList<ResolvedConflict>? Items, ProblemResult? Problem)> RunAsync(
        ClusterClient cluster, IReadOnlyList<Step> steps, WriteOptions options, CancellationToken cancel)
    {
        if (steps.Count == 0)
        {
            return ([], null);
        }

        var result = await cluster.ExecuteAsync(new Batch([.. steps.Select(step => step.Command)]), options, cancel);
        return result is CommandResult.Batched batched
            ? ([.. steps.Zip(batched.Results, (step, answer) => step.Plan with { Error = ErrorOf(answer) })], null)
            : (null, ClusterProblems.Of(result));
    }

    private static string? ErrorOf(CommandResult result) => result is RegionResult.ConflictSettled ? null : ClusterProblems.Of(result).Detail;
}
