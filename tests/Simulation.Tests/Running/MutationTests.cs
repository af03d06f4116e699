using Quorate.Core;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Tests.Running;

/// <summary>
/// A simulation is as good as the mistakes it notices: here it must notice classic ones, and ones that were made here and corrected, each
/// built in again on purpose. Which seeds notice changes whenever a run draws something more, so the first of many counts.
/// </summary>
public class MutationTests
{
    private const int MaxSeeds = 400;

    // Each with the invariants that may be the first to give way.
    private static readonly Dictionary<Mutation, Invariant[]> Catches = new()
    {
        [Mutation.CommitPriorTermByCounting] = [Invariant.StateMachineSafety, Invariant.LeaderCompleteness],
        [Mutation.VoteNotPersisted] = [Invariant.OneVotePerTerm, Invariant.ElectionSafety, Invariant.Durability],
        [Mutation.ReadBeforeFirstCommit] = [Invariant.ReadsSeeCommitted],
        [Mutation.TruncateAfterStaleAppend] = [Invariant.StateMachineSafety, Invariant.LeaderCompleteness, Invariant.Progress],
        [Mutation.SingleStepDoubleChange] = [Invariant.StateMachineSafety, Invariant.LeaderCompleteness, Invariant.ElectionSafety, Invariant.ReadsSeeCommitted],
        [Mutation.LeaseFromReply] = [Invariant.ReadsSeeCommitted],
        // A leader does not send again what it was told is durable, so a follower that lost it may also wait for ever.
        [Mutation.AckBeforeFsync] =
            [Invariant.StateMachineSafety, Invariant.LeaderCompleteness, Invariant.OneVotePerTerm, Invariant.ElectionSafety, Invariant.LogMatching, Invariant.Progress],
        [Mutation.SnapshotRacesLog] = [Invariant.EqualStateHash, Invariant.NoException, Invariant.AppliedInOrder],
        [Mutation.RetryAppliedTwice] = [Invariant.ExactlyOnce],
        [Mutation.LockRegrantedEarly] = [Invariant.LockExclusion],
        [Mutation.AckedMessageRedelivered] = [Invariant.QueueDelivery, Invariant.TransactionsWhole],
        [Mutation.LeaseStandsStill] = [Invariant.ReadsSeeCommitted],
        [Mutation.LateRefusalBelieved] = [Invariant.Linearizability],
        [Mutation.LeavingVoterAbstains] = [Invariant.Progress],
        [Mutation.TransactionInParts] = [Invariant.TransactionsWhole],
        [Mutation.CandidateJoinsLeader] = [Invariant.OneLeaderPerTerm],
        [Mutation.DroppedEventNumbered] = [Invariant.EventsGapFree],
        [Mutation.WatchSkipsRevision] = [Invariant.WatchGapFree],
    };

    public static TheoryData<string> All => [.. Enum.GetNames<Mutation>().Where(name => name != nameof(Mutation.None))];

    [Theory]
    [MemberData(nameof(All))]
    public void Run_WithMistakeBuiltIn_IsNoticedByTheRightInvariant(string name)
    {
        var mutation = Enum.Parse<Mutation>(name);
        for (var seed = 1; seed <= MaxSeeds; seed++)
        {
            if (Simulation.Running.Simulation.Run(seed, mutation).Failure is { } failure)
            {
                Assert.Contains(failure.Invariant, Catches[mutation]);
                return;
            }
        }

        Assert.Fail($"{MaxSeeds} seeds did not notice {mutation}");
    }
}
