using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Messages and results survive their bytes, and no bytes do harm.</summary>
public sealed class RegionMessageTests
{
    private static readonly Refusal[] Refusals = [new(3, RefusalCodes.ClockSkew, "ahead"), new(5, RefusalCodes.Gap, "")];
    private static readonly OriginPosition[] Positions = [new("eu", 4), new("us", 0)];
    private static readonly ChangeEvent[] Changes = [Change("us", 7), Change("us", 8) with { Kind = ChangeKind.DropCollection, Key = null, Version = null }];

    private static readonly RegionMessage[] Messages =
    [
        new HelloRequest("us", 5, 3),
        new HelloAnswer(9, Refusals, Positions),
        new PushRequest("us", 5, 3, Changes),
        new PushAnswer(9, Refusals),
        new PullRequest("us", Positions, Positions, 1000, 1 << 20, 5000),
        new PullAnswer([new OriginChanges("us", 6, 9, Changes, 12, 345)]),
        new CopyRequest("us", "1:1000", 10, 20),
        new CopyAnswer(Changes, Positions, "1:2000"),
        new RefusedAnswer(RefusalCodes.Cut, "cut"),
        new ChunkRequest("us", BlobSteps.Digest(7)),
        new ChunkAnswer(new byte[] { 1, 2, 3 }),
    ];

    private static readonly ExchangeResult[] Results =
    [
        new ExchangeResult.OutboxStanding(1, 2, 3),
        new ExchangeResult.OutboxTaken(Changes, 3),
        new ExchangeResult.OutboxReturned(4),
        new ExchangeResult.AgentElsewhere(new OutboxSession(1, "a", 2, new HlcTimestamp(3))),
        new ExchangeResult.SessionEnded(OutboxSession.None),
        new ExchangeResult.CoordinatorStanding(7, Refusals),
        new ExchangeResult.CoordinatorRefused(RefusalCodes.Gap, "gap"),
        new ExchangeResult.CoordinatorAcknowledged(),
        new ExchangeResult.InboxApplied(5),
        new ExchangeResult.InboxGap(5),
        new ExchangeResult.RegionUnknown("mars"),
    ];

    [Fact]
    public void Message_RoundTrip_GivesSameBytes() => Assert.All(Messages, message =>
    {
        var read = RegionMessageCodec.Read(Bytes(message));
        Assert.Equal(message.GetType(), read.GetType());
        Assert.Equal(Bytes(message), Bytes(read));
    });

    [Fact]
    public void Result_RoundTrip_GivesSameBytes() => Assert.All(Results, result =>
    {
        var reader = new ByteReader(Replica.Bytes(result));
        var read = ResultCodec.Read(ref reader);
        reader.End();
        Assert.Equal(result.GetType(), read.GetType());
        Assert.Equal(Replica.Bytes(result), Replica.Bytes(read));
    });

    [Fact]
    public void Cases_OfMessagesAndResults_AreAllHere()
    {
        Assert.Equal(Cases(typeof(RegionMessage)), Messages.Select(message => message.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(Cases(typeof(ExchangeResult)), Results.Select(result => result.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_DamagedOrAnyBytes_AnswersOrThrowsFormatException()
    {
        var damaged =
            from message in Gen.Elements(Messages)
            from position in Gen.Choose(0, 400)
            from value in Gen.Choose(0, 255)
            select Damage(message, position, (byte)value);
        Properties.Hold(Gen.OneOf(Properties.Blobs, damaged), bytes =>
        {
            try
            {
                RegionMessageCodec.Read(bytes);
            }
            catch (FormatException)
            {
                // What damaged bytes are expected to give.
            }
        }, times: 2000);
    }

    private static IEnumerable<string> Cases(Type root) =>
        root.Assembly.GetTypes().Where(type => type.IsSubclassOf(root)).Select(type => type.Name).Order(StringComparer.Ordinal);

    private static byte[] Damage(RegionMessage message, int position, byte value)
    {
        var bytes = Bytes(message);
        bytes[position % bytes.Length] = value;
        return bytes;
    }

    private static byte[] Bytes(RegionMessage message)
    {
        var writer = new ByteWriter();
        RegionMessageCodec.Write(writer, message);
        return writer.ToArray();
    }

    private static ChangeEvent Change(string origin, long number)
    {
        var version = new DocumentVersion(origin, "2-a", 2, "{}"u8.ToArray(), new HlcTimestamp(5), new HlcTimestamp(6), VectorClock.Of([new(origin, 2)]));
        var lost = version with { Value = null, Region = "eu", Clock = VectorClock.Of([new("eu", 1)]) };
        return new ChangeEvent(
            origin, number, ChangeKind.Update, new HlcTimestamp(6), "c", ConflictStrategy.Fork, new HlcTimestamp(1), "k", version, new Settlement("id", ConflictStrategy.Fork, SettlementKind.Resolved, [version, lost], "us", "why"), 99, Again: number % 2 == 0);
    }
}
