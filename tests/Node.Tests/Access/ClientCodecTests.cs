using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Access;

public sealed class ClientCodecTests
{
    private static readonly Gen<long> Number = Gen.OneOf(
        Gen.Choose(0, 300).Select(n => (long)n),
        Gen.Elements(long.MaxValue, int.MaxValue, 1L << 35, 1L << 62));

    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<NodeId> Node = Gen.Elements("n1", "", "ümläut", new string('x', NodeId.MaxLength)).Select(s => new NodeId(s));

    private static readonly Gen<byte[]> Bytes = Gen.Choose(0, 255).Select(n => (byte)n).ArrayOf();

    private static readonly Gen<Entry> AnEntry =
        from term in Number
        from index in Number
        from time in Number
        from kind in Gen.Elements(Enum.GetValues<EntryKind>())
        from data in Bytes
        select new Entry(new(term), new(index), new HlcTimestamp(time), kind, data);

    private static readonly Gen<Membership> Members =
        from voters in Node.ListOf()
        from outgoing in Node.ListOf()
        from learners in Node.ListOf()
        select new Membership([.. voters], [.. outgoing], [.. learners]);

    private static readonly Gen<MemberProgress> Progress =
        from id in Node
        from state in Gen.Elements(Enum.GetValues<ProgressState>())
        from match in Number
        from active in Flag
        select new MemberProgress(id, state, new(match), new(match), 3, active);

    private static readonly Gen<NodeStatus> Status =
        from id in Node
        from role in Gen.Elements(Enum.GetValues<RaftRole>())
        from a in Number
        from b in Number
        from members in Members
        from progress in Progress.ListOf()
        from some in Flag
        from room in Flag
        select new NodeStatus(
            id, role, new(a), id, NodeId.None, new(b), new(a), new(b), new(a), members, some ? new TimeSpan(b) : null, [.. progress], [.. progress.Select(member => new PeerRoundTrip(member.Id, new TimeSpan(b)))],
            DateTimeOffset.FromUnixTimeMilliseconds(a % 1_000_000_000_000), new LatencyFigures(some ? new TimeSpan(a) : null, null),
            (int)(a % int.MaxValue), 1, 2, room, some ? "the disk is gone" : null, room ? new StateHashAt(new(a), "abc") : null);

    private static readonly Gen<ClientRequest> Requests =
        from a in Number
        from b in Number
        from bytes in Bytes
        from node in Node
        from which in Gen.Choose(0, 6)
        select (ClientRequest)(which switch
        {
            0 => new ClientRequest.Hello((byte)a),
            1 => new ClientRequest.Propose(new(a), b, bytes),
            2 => new ClientRequest.ReadIndex(a),
            3 => new ClientRequest.Follow(a, new(b)),
            4 => new ClientRequest.Unfollow(),
            5 => new ClientRequest.Transfer(a, node),
            _ => new ClientRequest.Campaign(a),
        });

    private static readonly Gen<ClientReply> Replies =
        from a in Number
        from b in Number
        from bytes in Bytes
        from flag in Flag
        from refusal in Gen.Elements(Enum.GetValues<ProposeStatus>()[1..])
        from entries in AnEntry.ListOf()
        from status in Status
        from which in Gen.Choose(0, 9)
        select (ClientReply)(which switch
        {
            0 => new ClientReply.Welcome((byte)a),
            1 => new ClientReply.Refused(a, refusal),
            2 => new ClientReply.ReadIndexAnswer(a, flag ? new LogIndex(b) : null),
            3 => new ClientReply.Entries(a, [.. entries]),
            4 => new ClientReply.StateBegin(a),
            5 => new ClientReply.StatePart(bytes),
            6 => new ClientReply.StateEnd(flag),
            7 => new ClientReply.Behind(a),
            8 => new ClientReply.Report(status),
            _ => new ClientReply.Answer(a, flag),
        });

    [Fact]
    public void Read_of_a_written_request_gives_the_same_request() =>
        Prop.ForAll(Requests.ToArbitrary(), request =>
            Encode(ClientRequestCodec.Read(Encode(request).AsMemory(FrameReader.PrefixSize))).SequenceEqual(Encode(request)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_of_a_written_reply_gives_the_same_reply() =>
        Prop.ForAll(Replies.ToArbitrary(), reply =>
            Encode(ClientReplyCodec.Read(Encode(reply).AsMemory(FrameReader.PrefixSize))).SequenceEqual(Encode(reply)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_of_arbitrary_bytes_throws_nothing_but_a_format_exception() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            Gen.Choose(0, 12).SelectMany(kind => Bytes.Select(rest => (byte[])[0, (byte)kind, .. rest])).ToArbitrary(),
            bytes => OnlyFormatExceptions(() => ClientRequestCodec.Read(bytes)) && OnlyFormatExceptions(() => ReadWholly(bytes))));

    [Fact]
    public void Read_of_a_damaged_frame_throws_nothing_but_a_format_exception() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            (from reply in Replies from position in Gen.Choose(0, 10_000) from value in Gen.Choose(0, 255) from cut in Flag
             select (Frame: Encode(reply)[FrameReader.PrefixSize..], Position: position, Value: (byte)value, Cut: cut)).ToArbitrary(),
            damage =>
            {
                var at = damage.Position % damage.Frame.Length;
                damage.Frame[at] = damage.Value;
                return OnlyFormatExceptions(() => ReadWholly(damage.Cut ? damage.Frame[..at] : damage.Frame));
            }));

    [Fact]
    public void Read_of_a_count_that_cannot_fit_asks_for_no_memory()
    {
        var writer = new ByteWriter();
        writer.VarInt(0);
        writer.Byte(4);
        writer.VarInt(1);
        writer.VarInt(1_000_000);
        writer.Bytes(new byte[1_000_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<FormatException>(() => ClientReplyCodec.Read(writer.WrittenMemory));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Read_of_a_frame_for_another_group_throws()
    {
        var frame = Encode(new ClientRequest.ReadIndex(1))[FrameReader.PrefixSize..];
        frame[0] = 7;

        Assert.Throws<FormatException>(() => ClientRequestCodec.Read(frame));
    }

    private static void ReadWholly(byte[] frame)
    {
        if (ClientReplyCodec.Read(frame) is ClientReply.StatePart part)
        {
            _ = ClientReplyCodec.Unpack(part.Packed).Count();
        }
    }

    private static bool OnlyFormatExceptions(Action read)
    {
        try
        {
            read();
        }
        catch (FormatException)
        {
        }

        return true;
    }

    private static byte[] Encode(ClientRequest request)
    {
        var writer = new ByteWriter();
        ClientRequestCodec.Write(writer, request);
        return writer.ToArray();
    }

    private static byte[] Encode(ClientReply reply)
    {
        var writer = new ByteWriter();
        ClientReplyCodec.Write(writer, reply);
        return writer.ToArray();
    }
}
