using Quorate.Contracts.Problems;
using Quorate.Core.Replication.Regions;

namespace Quorate.Gateway.Problems;

/// <summary>The problems of conflicts and brakes, and of documents that are in one.</summary>
internal static class RegionProblems
{
    private const int OutboxFullRetryMs = 5000;

    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(RegionResult result) => result switch
    {
        RegionResult.ConflictNotFound => new(ErrorCodes.ConflictNotFound, "The ledger has no conflict with this id. Settled ones are forgotten, the oldest first, when there are too many."),
        RegionResult.ConflictOpen open => InConflict(
            "The document has versions of which none has seen another. Somebody has to decide, by POST to the conflict's /resolve, before it can be written.", open.Id),
        RegionResult.OtherConflict other => InConflict("The document is in another conflict by now, which has to be settled first.", other.Id),
        RegionResult.NoSuchVersion none => new(
            ErrorCodes.InvalidArgument, $"No version of the conflict is of that region; there are versions of {string.Join(", ", none.Regions)}.") { Field = "region" },
        RegionResult.DocumentMoved moved => DocumentProblems.Moved(moved.Current),
        RegionResult.NothingToUndo => new(ErrorCodes.NothingToUndo, "Nobody has decided the conflict, or the decision was taken back already."),
        RegionResult.OutboxFull => new(
            ErrorCodes.OutboxFull, "So many changes wait to be sent to the other regions that no further one is taken. Restore the link to the coordinator.")
        {
            RetryAfterMs = OutboxFullRetryMs,
        },
        RegionResult.BrakeNotPulled => new(ErrorCodes.BrakeNotFound, "No deletions of this collection wait for an operator."),
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    private static ProblemResult InConflict(string detail, string id) => new ProblemResult(ErrorCodes.ConflictOpen, detail).With("conflict", id);
}
