using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Nothing leaves the outbox before the coordinator is known to have it.</summary>
public sealed class OutboxTests
{
    [Fact]
    public void Take_SeveralKinds_GivesDeletionsThenCreationsThenUpdatesThenCollections()
    {
        var region = Region();
        Put(region, "a", "1");
        Put(region, "a", "2");
        Put(region, "b", "1");
        region.Apply(new DocumentDelete("c", "b", null, "us"));

        var taken = Take(region, 10);

        Assert.Equal([ChangeKind.Delete, ChangeKind.Create, ChangeKind.Create, ChangeKind.Update, ChangeKind.CreateCollection], taken.Select(change => change.Kind));
        Assert.Equal([1L, 2, 3, 4, 5], taken.Select(change => change.Number));
    }

    [Fact]
    public void Ack_WithARefusal_TriesThatOneAgainUnderANewNumber()
    {
        var region = Region();
        Put(region, "a", "1");
        Put(region, "b", "1");
        Take(region, 10);

        region.Apply(new OutboxAck(Session(region), 3, [new RefusedChange(new Refusal(2, "clock_skew", "ahead"), 100)]));

        var item = Assert.Single(region.State.Outbox.Of(OutboxState.Retrying));
        Assert.Equal(("clock_skew: ahead", 1), (item.Error, item.Attempts));
        Assert.Empty(Take(region, 10));
        region.Advance(200);
        Assert.Equal(4, Assert.Single(Take(region, 10)).Number);
    }

    [Fact]
    public void Ack_RefusedTooOften_ParksUntilAnOperatorTriesAgain()
    {
        var region = Region();
        for (var attempt = 0; attempt < Outbox.MaxAttempts; attempt++)
        {
            region.Advance(1_000_000);
            var change = Assert.Single(Take(region, 10));
            region.Apply(new OutboxAck(Session(region), change.Number, [new RefusedChange(new Refusal(change.Number, "clock_skew", "ahead"), 100)]));
        }

        Assert.Equal((0, 1), (region.State.Outbox.Retrying, region.State.Outbox.Parked));
        Assert.Equal(new ExchangeResult.OutboxReturned(1), region.Apply(new OutboxRetry(null, 10)));
        Assert.Single(Take(region, 10));
    }

    [Fact]
    public void Resume_PartReceived_AcknowledgesThatAndSendsTheRestAgain()
    {
        var region = Region();
        Put(region, "a", "1");
        Put(region, "b", "1");
        Take(region, 10);

        region.Apply(new OutboxResume(Session(region), 1, [], 10));

        Assert.Equal((0, 2, 1L), (region.State.Outbox.InFlight, region.State.Outbox.Retrying, region.State.Outbox.LastNumber));
        region.Advance(100);
        Assert.Equal([2L, 3], Take(region, 10).Select(change => change.Number));
    }

    [Fact]
    public void Resume_RefusalWhoseAnswerWasLost_IsNotTakenForAcknowledged()
    {
        var region = Region();
        Take(region, 10);

        region.Apply(new OutboxResume(Session(region), 1, [new RefusedChange(new Refusal(1, "oversized_document", "large"), 10)], 10));

        Assert.Equal((0L, 1), (region.State.Outbox.Counters.Acknowledged, region.State.Outbox.Retrying));
    }

    [Fact]
    public void Ack_OfAnEarlierSession_ChangesNothing()
    {
        var region = Region();
        var first = Session(region);
        Take(region, 10);
        region.Advance(60_000);
        Assert.IsType<ExchangeResult.OutboxStanding>(region.Apply(new OutboxBegin("other", 1000)));

        Assert.IsType<ExchangeResult.SessionEnded>(region.Apply(new OutboxAck(first, 1, [])));

        Assert.Equal(1, region.State.Outbox.InFlight);
    }

    [Fact]
    public void Begin_WhileAnotherAgentLives_IsRefused()
    {
        var region = Region();

        Assert.IsType<ExchangeResult.AgentElsewhere>(region.Apply(new OutboxBegin("other", 1000)));
    }

    [Fact]
    public void Outbox_AnyWorkload_LosesNothingAndSurvivesASnapshot()
    {
        var script =
            from steps in Gen.Choose(0, 9).Two().ListOf()
            select steps;
        Properties.Hold(script, steps =>
        {
            var region = Region();
            var received = 0L;
            foreach (var (what, value) in steps.Select(step => (step.Item1, step.Item2)))
            {
                var outbox = region.State.Outbox;
                switch (what)
                {
                    case < 4:
                        Put(region, $"k{value % 3}", $"{value}");
                        break;
                    case 4:
                        region.Apply(new DocumentDelete("c", $"k{value % 3}", null, "us"));
                        break;
                    case < 7:
                        Take(region, value);
                        break;
                    case 7:
                        received = Math.Min(outbox.LastNumber, received + value);
                        RefusedChange[] refused = value % 2 == 0 ? [new RefusedChange(new Refusal(received, "clock_skew", ""), 5)] : [];
                        region.Apply(new OutboxAck(Session(region), received, refused));
                        break;
                    case 8:
                        received = Math.Clamp(received + value - 5, outbox.Settled, outbox.LastNumber);
                        region.Apply(new OutboxResume(Session(region), received, [], 5));
                        break;
                    default:
                        region.Advance(value);
                        region.Clock();
                        break;
                }

                received = Math.Max(received, region.State.Outbox.Settled);
                Conserves(region.State.Outbox);
            }

            var copy = region.FromSnapshot();
            Conserves(copy.State.Outbox);
            Assert.Equal(region.State.Freeze().Hash(), copy.State.Freeze().Hash());
            Assert.Equal(
                Enum.GetValues<OutboxState>().SelectMany(state => region.State.Outbox.Of(state)).Select(item => (item.Id, item.State)),
                Enum.GetValues<OutboxState>().SelectMany(state => copy.State.Outbox.Of(state)).Select(item => (item.Id, item.State)));
        });
    }

    private static void Conserves(Outbox outbox)
    {
        Assert.Equal(outbox.Counters.Enqueued, outbox.Counters.Acknowledged + outbox.Waiting + outbox.InFlight + outbox.Retrying + outbox.Parked);
        var flying = outbox.Of(OutboxState.InFlight).Select(item => item.Change.Number).ToList();
        Assert.Equal(Enumerable.Range(1, flying.Count).Select(i => outbox.Settled + i), flying);
        Assert.Equal(outbox.Of(OutboxState.Pending).Sum(item => item.Change.Cost), Enumerable.Range(0, 4).Sum(priority => outbox.PendingOf(priority).Bytes));
        Assert.Equal(outbox.Waiting, Enumerable.Range(0, 4).Sum(priority => outbox.PendingOf(priority).Count));
    }

    /// <summary>A region with a collection, and a session of an agent.</summary>
    private static Replica Region()
    {
        var region = new Replica();
        region.Apply(new RegionConfigure(new RegionSettings("us", ["eu", "us"], "eu")));
        region.Apply(new CollectionCreate("c", ConflictStrategy.LastWriterWins));
        region.Apply(new OutboxBegin("agent", 10_000));
        return region;
    }

    private static long Session(Replica region) => region.State.Outbox.Session.Number;

    private static IReadOnlyList<ChangeEvent> Take(Replica region, int max) =>
        Assert.IsType<ExchangeResult.OutboxTaken>(region.Apply(new OutboxTake(Session(region), max, 1 << 20))).Changes;

    private static void Put(Replica region, string key, string json) =>
        Assert.IsType<DocumentResult.Written>(region.Apply(new DocumentPut("c", key, null, "us", Encoding.UTF8.GetBytes(json))));
}
