using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>The coordinator takes exactly what comes next, and says why it does not take something else.</summary>
public sealed class CoordinatorTests
{
    [Fact]
    public void Record_NextNumbers_AreAnsweredToTheOthers()
    {
        var coordinator = Coordinator();

        Assert.Equal(2, Record(coordinator, Change(1), Change(2)).Received);

        var answer = Assert.IsType<PullAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(0), _ => false));
        var part = Assert.Single(answer.Origins);
        Assert.Equal([1L, 2], part.Changes.Select(change => change.Number));
        Assert.Equal((2L, 2L, 0L), (part.UpTo, part.Received, part.RemainingBytes));
    }

    [Fact]
    public void Record_ANumberAgain_IsPassedOverAndCounted()
    {
        var coordinator = Coordinator();
        Record(coordinator, Change(1));

        Assert.Equal(2, Record(coordinator, Change(1), Change(2)).Received);

        var log = coordinator.State.Coordinator.Get("us")!;
        Assert.Equal((2, 1L), (log.Count, log.Duplicates));
    }

    [Fact]
    public void Record_WithAGap_IsRefusedAndSaysWhatComesNext()
    {
        var coordinator = Coordinator();

        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(coordinator.Apply(new CoordinatorRecord("us", 1, 0, [Change(2)])));

        Assert.Equal(RefusalCodes.Gap, refused.Code);
        Assert.Contains("1 comes next", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(0, coordinator.State.Coordinator.Get("us")!.Received);
    }

    public static TheoryData<string> Refusals => [RefusalCodes.UnregisteredClock, RefusalCodes.ForeignChange, RefusalCodes.OversizedDocument, RefusalCodes.ClockSkew];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Record_AChangeThatMayNotPass_UsesItsNumberUpAndIsRememberedUntilItIsSettled(string code)
    {
        var coordinator = Coordinator();
        var bad = code switch
        {
            RefusalCodes.UnregisteredClock => Change(1, clock: VectorClock.Of([new("mars", 1), new("us", 1)])),
            RefusalCodes.ForeignChange => Change(1, clock: VectorClock.Of([new("ap", 1)])),
            RefusalCodes.OversizedDocument => Change(1, value: new byte[101]),
            _ => Change(1, at: HlcTimestamp.FromUnixMs(1_000_000 + 20_000)),
        };

        var standing = Record(coordinator, bad, Change(2));

        Assert.Equal(2, standing.Received);
        Assert.Equal((1L, code), (Assert.Single(standing.Refusals).Number, standing.Refusals[0].Code));
        var again = Assert.IsType<ExchangeResult.CoordinatorStanding>(coordinator.Apply(new CoordinatorHello("us", 2, 0)));
        Assert.Equal(code, Assert.Single(again.Refusals).Code);
        Assert.Empty(Assert.IsType<ExchangeResult.CoordinatorStanding>(coordinator.Apply(new CoordinatorHello("us", 3, 2))).Refusals);
        var part = Assert.Single(Assert.IsType<PullAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(0), _ => false)).Origins);
        Assert.Equal((2L, 2L), (Assert.Single(part.Changes).Number, part.UpTo));
    }

    [Fact]
    public void Record_FromAnUnknownRegion_IsRefused()
    {
        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(Coordinator().Apply(new CoordinatorRecord("mars", 1, 0, [])));
        Assert.Equal(RefusalCodes.UnknownRegion, refused.Code);
    }

    [Fact]
    public void Record_OfAnEarlierSession_IsRefused()
    {
        var coordinator = Coordinator();
        coordinator.Apply(new CoordinatorHello("us", 2, 0));

        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(coordinator.Apply(new CoordinatorRecord("us", 1, 0, [Change(1)])));

        Assert.Equal(RefusalCodes.StaleSession, refused.Code);
    }

    [Fact]
    public void Record_ElsewhereThanAtTheCoordinator_IsRefused()
    {
        var other = new Replica();
        other.Apply(new RegionConfigure(new RegionSettings("ap", ["eu", "us", "ap"], "eu")));

        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(other.Apply(new CoordinatorHello("us", 1, 0)));

        Assert.Equal(RefusalCodes.NotCoordinator, refused.Code);
    }

    [Fact]
    public void Ack_OfAllOthers_LetsTheLogGo()
    {
        var coordinator = Coordinator();
        Record(coordinator, Change(1), Change(2), Change(3));

        coordinator.Apply(new CoordinatorAck("eu", [new("us", 3)]));
        Assert.Equal(3, coordinator.State.Coordinator.Get("us")!.Count);
        coordinator.Apply(new CoordinatorAck("ap", [new("us", 2)]));

        Assert.Equal((1, 2L), (coordinator.State.Coordinator.Get("us")!.Count, coordinator.State.Coordinator.Get("us")!.Pruned));
    }

    [Fact]
    public void Pull_BehindWhatIsKept_NeedsACopy()
    {
        var coordinator = Coordinator(keep: 2);
        Record(coordinator, Change(1), Change(2), Change(3));
        Assert.IsType<PullAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(0), _ => false));

        // Only what the coordinator's own region has can be had as a copy.
        coordinator.Apply(new CoordinatorAck("eu", [new OriginPosition("us", 3)]));

        Assert.Equal(RefusalCodes.CopyRequired, Assert.IsType<RefusedAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(0), _ => false)).Code);
        Assert.IsType<PullAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(1), _ => false));
    }

    [Fact]
    public void Record_MoreThanIsKeptAndTheOwnRegionIsBehind_WaitsInTheOutbox()
    {
        var coordinator = Coordinator(keep: 2);
        Record(coordinator, Change(1), Change(2), Change(3));

        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(coordinator.Apply(new CoordinatorRecord("us", 1, 0, [Change(4)])));
        Assert.Equal(RefusalCodes.Overloaded, refused.Code);

        coordinator.Apply(new CoordinatorAck("eu", [new OriginPosition("us", 3)]));
        Assert.IsType<ExchangeResult.CoordinatorStanding>(coordinator.Apply(new CoordinatorRecord("us", 1, 0, [Change(4)])));
    }

    [Fact]
    public void Pull_OfAWithheldOrigin_AnswersNothingOfIt()
    {
        var coordinator = Coordinator();
        Record(coordinator, Change(1));

        var answer = Assert.IsType<PullAnswer>(CoordinatorAnswers.Pull(coordinator.State, Pull(0), origin => origin == "us"));

        Assert.True(answer.IsEmpty);
        Assert.Equal(1, answer.Origins[0].RemainingOperations);
    }

    [Fact]
    public void Snapshot_OfACoordinator_HasItsLogs()
    {
        var coordinator = Coordinator();
        Record(coordinator, Change(1), Change(2, value: new byte[101]), Change(3));
        coordinator.Apply(new CoordinatorAck("ap", [new("us", 1)]));

        var copy = coordinator.FromSnapshot();

        Assert.Equal(coordinator.State.Freeze().Hash(), copy.State.Freeze().Hash());
        Assert.Equal(1, copy.State.Coordinator.Acknowledged("ap", "us"));
        Assert.Equal(coordinator.State.Coordinator.Get("us")!.BytesAfter(1), copy.State.Coordinator.Get("us")!.BytesAfter(1));
    }

    private static Replica Coordinator(int keep = 100)
    {
        var coordinator = new Replica();
        coordinator.Apply(new RegionConfigure(new RegionSettings("eu", ["eu", "us", "ap"], "eu", MaxDocumentBytes: 100, KeepEvents: keep)));
        coordinator.Apply(new CoordinatorHello("us", 1, 0));
        return coordinator;
    }

    private static ExchangeResult.CoordinatorStanding Record(Replica coordinator, params ChangeEvent[] changes) =>
        Assert.IsType<ExchangeResult.CoordinatorStanding>(coordinator.Apply(new CoordinatorRecord("us", 1, 0, changes)));

    private static PullRequest Pull(long after) => new("ap", [], [new("us", after)], 100, 1 << 20, 0);

    private static ChangeEvent Change(long number, VectorClock? clock = null, byte[]? value = null, HlcTimestamp? at = null)
    {
        var time = at ?? HlcTimestamp.FromUnixMs(999_000 + number);
        var version = new DocumentVersion("us", "1-a", 1, value ?? "1"u8.ToArray(), time, time, clock ?? VectorClock.Of([new("us", 1)]));
        return new ChangeEvent("us", number, ChangeKind.Create, time, "c", ConflictStrategy.LastWriterWins, HlcTimestamp.Zero, $"k{number}", version);
    }
}
