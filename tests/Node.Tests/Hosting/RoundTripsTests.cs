using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;

namespace Quorate.Node.Tests.Hosting;

public class RoundTripsTests
{
    private static readonly NodeId Leader = new("n1");
    private static readonly NodeId Follower = new("n2");

    private readonly SteppedTime _time = new();
    private readonly RoundTrips _trips;

    public RoundTripsTests() => _trips = new RoundTrips(_time);

    [Fact]
    public void Current_Acknowledged_IsTheTimeSinceSending()
    {
        _trips.OnSent(Append(last: 5));
        _time.Step(3);
        _trips.OnReceived(Accepted(index: 5));

        Assert.Equal([new PeerRoundTrip(Follower, TimeSpan.FromMilliseconds(3))], _trips.Current());
    }

    [Fact]
    public void Current_EarlierEntriesAcknowledged_WaitsForThoseThatAreTimed()
    {
        _trips.OnSent(Append(last: 5));
        _trips.OnReceived(Accepted(index: 4));

        Assert.Empty(_trips.Current());
    }

    [Fact]
    public void Current_PipelinedEntries_AreTimedFromTheFirst()
    {
        _trips.OnSent(Append(last: 5));
        _time.Step(3);
        _trips.OnSent(Append(last: 6));
        _time.Step(1);
        _trips.OnReceived(Accepted(index: 6));

        Assert.Equal(TimeSpan.FromMilliseconds(4), Assert.Single(_trips.Current()).RoundTrip);
    }

    [Fact]
    public void Current_SecondMeasurement_MovesTheAverageByAnEighth()
    {
        Measure(index: 5, milliseconds: 8);
        Measure(index: 6, milliseconds: 16);

        Assert.Equal(TimeSpan.FromMilliseconds(9), Assert.Single(_trips.Current()).RoundTrip);
    }

    [Fact]
    public void Current_AnswerToAnotherTerm_DoesNotCount()
    {
        _trips.OnSent(Append(last: 5, term: 2));
        _trips.OnReceived(Accepted(index: 5, term: 1));

        Assert.Empty(_trips.Current());
    }

    [Fact]
    public void Current_Lost_IsTimedAnewWithLaterEntries()
    {
        _trips.OnSent(Append(last: 5));
        _time.Step(1500);
        _trips.OnSent(Append(last: 5));
        _time.Step(2);
        _trips.OnReceived(Accepted(index: 5));

        Assert.Equal(TimeSpan.FromMilliseconds(2), Assert.Single(_trips.Current()).RoundTrip);
    }

    [Fact]
    public void Current_NothingWrittenForLong_IsForgotten()
    {
        Measure(index: 5, milliseconds: 8);
        _time.Step(11_000);

        Assert.Empty(_trips.Current());
    }

    private void Measure(long index, int milliseconds)
    {
        _trips.OnSent(Append(index));
        _time.Step(milliseconds);
        _trips.OnReceived(Accepted(index));
    }

    private static AppendRequest Append(long last, long term = 1) => new(
        GroupId.Default, Leader, Follower, new(term), new(last - 1), new(term), LogIndex.Zero,
        [new Entry(new(term), new(last), default, EntryKind.Command, default)]);

    private static AppendResponse Accepted(long index, long term = 1) =>
        new(GroupId.Default, Follower, Leader, new(term), Accepted: true, new(index), LogIndex.Zero, Term.Zero);

    private sealed class SteppedTime : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds;

        public void Step(int milliseconds) => _milliseconds += milliseconds;
    }
}
