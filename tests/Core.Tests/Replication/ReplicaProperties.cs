using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication;

/// <summary>A follower that pulls in any steps, by log or by snapshot, ends with what its source has.</summary>
public sealed class ReplicaProperties
{
    [Fact]
    public void Follower_AnyWorkloadPulledInAnySteps_HoldsWhatTheSourceHolds() =>
        Properties.Hold(Scripts.Documents, script =>
        {
            var (source, follower) = (new Replica(), new Replica());
            foreach (var step in script)
            {
                Scripts.Play(source, step);
                if (step.C % 5 == 0)
                {
                    Pull(source.State, follower, atMost: 1 + (step.A % 7));
                }
            }

            Pull(source.State, follower, int.MaxValue);

            Assert.Equal(Contents(source.State), Contents(follower.State));
            Assert.Equal(source.State.Sync.Last, follower.State.Sync.Position);
            Assert.Equal(Contents(follower.State), Contents(follower.FromSnapshot().State));
        });

    [Fact]
    public void Log_AnyWorkload_HasNoGapsAndKeepsWhatFollowersNeed() =>
        Properties.Hold(Scripts.Documents, script =>
        {
            var replica = new Replica();
            foreach (var step in script)
            {
                var before = replica.State.Sync;
                var (first, reached) = (before.First, before.Followers.Where(each => before.Reaches(each.Sequence)).Select(each => each.Id).ToList());
                var (command, _) = Scripts.Play(replica, step);

                var sync = replica.State.Sync;
                Assert.Equal(Enumerable.Range(0, sync.Count).Select(i => sync.First + i), sync.After(0).Select(entry => entry.Sequence));
                Assert.Equal(sync.After(0).Sum(entry => entry.Cost), sync.Bytes);
                Assert.True(sync.Count <= sync.Retention.MaxEntries && (sync.Bytes <= sync.Retention.MaxBytes || sync.Count == 0));
                Assert.All(sync.Followers, each => Assert.InRange(each.Sequence, 0, sync.Last));
                var limited = sync.Count == sync.Retention.MaxEntries || command is SyncRetain || sync.Bytes > sync.Retention.MaxBytes - 1000;
                if (first < sync.First && !limited && command is not (FollowerReport or FollowerLeave))
                {
                    Assert.All(reached, id => Assert.True(sync.Reaches(sync.GetFollower(id)!.Sequence), id));
                }
            }
        });

    [Fact]
    public void Apply_SameChangesTwice_ChangesNothing()
    {
        var (source, follower) = (Example(), new Replica());
        var entries = source.State.Sync.After(0).ToList();
        follower.Apply(new ReplicaApply(entries));
        var once = Contents(follower.State);

        Assert.Equal(new SyncResult.Applied(entries.Count), follower.Apply(new ReplicaApply(entries)));

        Assert.Equal(once, Contents(follower.State));
    }

    [Fact]
    public void Apply_WithAGap_IsRefused()
    {
        var (source, follower) = (Example(), new Replica());

        Assert.Equal(new SyncResult.Gap(0), follower.Apply(new ReplicaApply([.. source.State.Sync.After(1)])));

        Assert.Empty(Contents(follower.State));
    }

    [Fact]
    public void Snapshot_HalfLoaded_IsNeverSeen()
    {
        var (source, follower) = (Example(), new Replica());
        follower.Apply(new ReplicaApply([.. source.State.Sync.After(0).Take(2)]));
        var before = Contents(follower.State);

        follower.Apply(new ReplicaReset());
        follower.Apply(new ReplicaLoad([.. source.State.Documents.Export().Take(2)]));
        Assert.True(follower.State.Sync.IsLoading);
        Assert.Equal(before, Contents(follower.State));

        follower.Apply(new ReplicaLoad([.. source.State.Documents.Export().Skip(2)]));
        follower.Apply(new ReplicaReady(source.State.Sync.Last));
        Assert.Equal(Contents(source.State), Contents(follower.State));
    }

    [Fact]
    public void Pruning_WaitsForEveryFollowerAndThenForgets()
    {
        var source = Example();
        source.Apply(new FollowerReport("a", 0));
        source.Apply(new FollowerReport("b", 0));
        source.Apply(new FollowerReport("a", source.State.Sync.Last));
        Assert.Equal(1, source.State.Sync.First);

        source.Apply(new FollowerReport("b", 2));
        Assert.Equal(3, source.State.Sync.First);

        source.Apply(new FollowerLeave("b"));
        Assert.Equal(0, source.State.Sync.Count);
    }

    [Fact]
    public void Pin_WhileASnapshotTravels_KeepsWhatComesAfterIt()
    {
        var source = Example();
        source.Apply(new FollowerReport("a", source.State.Sync.Last));
        source.Apply(new FollowerReport("late", 0));
        Assert.False(source.State.Sync.Reaches(0));

        var standing = Assert.IsType<SyncResult.Standing>(source.Apply(new FollowerPin("late")));
        Write(source, "more", "{}");
        source.Apply(new FollowerReport("a", source.State.Sync.Last));

        Assert.True(source.State.Sync.Reaches(standing.Sequence));
        source.Apply(new FollowerReport("late", source.State.Sync.Last));
        Assert.Equal(0, source.State.Sync.Count);
    }

    [Fact]
    public void Report_BeyondTheLog_IsRefused() =>
        Assert.Equal(new SyncResult.Ahead(0), new Replica().Apply(new FollowerReport("a", 1)));

    private static Replica Example()
    {
        var source = new Replica();
        source.Apply(new CollectionCreate("c", ConflictStrategy.LastWriterWins));
        Write(source, "a", "1");
        Write(source, "b", "2");
        Write(source, "a", "3");
        return source;
    }

    private static void Write(Replica replica, string key, string json) =>
        Assert.IsType<DocumentResult.Written>(replica.Apply(new DocumentPut("c", key, null, "local", System.Text.Encoding.UTF8.GetBytes(json))));

    private static void Pull(ClusterState source, Replica follower, int atMost)
    {
        if (source.Sync.Reaches(follower.State.Sync.Position))
        {
            follower.Apply(new ReplicaApply([.. source.Sync.After(follower.State.Sync.Position).Take(atMost)]));
            return;
        }

        follower.Apply(new ReplicaReset());
        foreach (var part in source.Documents.Export().Concat(source.Blobs.Export()).Chunk(3))
        {
            follower.Apply(new ReplicaLoad(part));
        }

        follower.Apply(new ReplicaReady(source.Sync.Last));
    }

    private static List<string> Contents(ClusterState state) =>
    [
        .. state.Documents.Range("").SelectMany(collection => collection.Range("")
            .Select(document => $"{collection.Name}/{document.Key} {document.Rev} {Convert.ToHexString(document.Value.Span)} {document.ModifiedAt} {document.Clock}")
            .Prepend($"{collection.Name} {collection.Strategy}")),
        .. state.Blobs.Range("").Select(blob =>
            $"{blob.Id} {blob.Size} {blob.Sha256} {Convert.ToHexString(blob.Chunks.Packed.Span)} {blob.ContentType} {blob.Index} {blob.CreatedAt} {blob.ModifiedAt}"),
    ];
}
