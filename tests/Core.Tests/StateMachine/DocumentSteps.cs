using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What a step of a workload means for documents and their followers.</summary>
internal static class DocumentSteps
{
    public static readonly (int Weight, string Kind)[] Kinds =
    [
        (3, "collect"), (1, "uncollect"), (12, "write"), (4, "erase"), (5, "report"), (1, "pin"), (1, "unfollow"), (1, "retain"),
    ];

    public static Command? Resolve(ScriptStep step, ClusterState state)
    {
        var (collection, key, follower) = ($"collection{step.A % 3}", $"document{step.B % 5}", $"follower{step.B % 3}");
        var rev = (step.C % 5) switch
        {
            0 => DocumentTable.Absent,
            1 => "1-no",
            2 => state.Documents.Get(collection)?.Get(key)?.Rev,
            _ => null,
        };
        return step.Kind switch
        {
            "collect" => new CollectionCreate(collection, (ConflictStrategy)(1 + (step.C % 3))),
            "uncollect" when step.C % 3 == 0 => new CollectionDrop(collection),
            "write" => new DocumentPut(collection, key, rev, $"region{step.C % 2}", new[] { (byte)step.C }),
            "erase" => new DocumentDelete(collection, key, rev, $"region{step.C % 2}"),
            "report" => new FollowerReport(follower, step.C % 7 == 0 ? state.Sync.Last + 1 : state.Sync.Last * (step.C % 4) / 3),
            "pin" => new FollowerPin(follower),
            "unfollow" => new FollowerLeave(follower),
            "retain" => new SyncRetain(5 + (step.B % 20), step.C % 4 == 0 ? 3000 : 100_000),
            _ => null,
        };
    }
}
