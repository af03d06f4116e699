using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Tests.Transport;

public sealed class MessageCodecTests
{
    private static readonly Gen<long> Number = Gen.OneOf(
        Gen.Choose(0, 300).Select(n => (long)n),
        Gen.Elements(long.MaxValue, int.MaxValue, 1L << 35, 1L << 62));

    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<LogIndex> Index = Number.Select(n => new LogIndex(n));

    private static readonly Gen<Term> Terms = Number.Select(n => new Term(n));

    private static readonly Gen<NodeId> Node = Gen.Elements("n1", "n2", "", "knoten-mit-ümläuten", new string('x', NodeId.MaxLength)).Select(s => new NodeId(s));

    private static readonly Gen<byte[]> Bytes = Gen.Choose(0, 255).Select(n => (byte)n).ArrayOf();

    private static readonly Gen<Entry> Entries =
        from term in Terms
        from index in Index
        from time in Number
        from kind in Gen.Elements(Enum.GetValues<EntryKind>())
        from data in Bytes
        select new Entry(term, index, new HlcTimestamp(time), kind, data);

    private static readonly Gen<SnapshotMeta> Metas =
        from index in Index
        from term in Terms
        from time in Number
        from voters in Node.ListOf()
        from outgoing in Node.ListOf()
        from learners in Node.ListOf()
        select new SnapshotMeta(index, term, new HlcTimestamp(time), new Membership([.. voters], [.. outgoing], [.. learners]));

    private static readonly Gen<Message> Messages =
        from head in
            from g in Gen.Elements(0u, 1u, uint.MaxValue)
            from from_ in Node
            from to in Node
            from term in Terms
            select (Group: new GroupId(g), From: from_, To: to, Term: term)
        from a in Number
        from b in Number
        from c in Number
        from x in Flag
        from y in Flag
        from entries in Entries.ListOf()
        from meta in Metas
        from data in Bytes
        from which in Gen.Choose(0, 8)
        select (Message)(which switch
        {
            0 => new VoteRequest(head.Group, head.From, head.To, head.Term, new(a), new(b), x, y),
            1 => new VoteResponse(head.Group, head.From, head.To, head.Term, x, y),
            2 => new AppendRequest(head.Group, head.From, head.To, head.Term, new(a), new(b), new(c), [.. entries]),
            3 => new AppendResponse(head.Group, head.From, head.To, head.Term, x, new(a), new(b), new(c)),
            4 => new HeartbeatRequest(head.Group, head.From, head.To, head.Term, new(a), x ? -b : b),
            5 => new HeartbeatResponse(head.Group, head.From, head.To, head.Term, b),
            6 => new SnapshotChunk(head.Group, head.From, head.To, head.Term, meta, a, data, x),
            7 => new SnapshotResponse(head.Group, head.From, head.To, head.Term, new(a), b, x),
            _ => new TimeoutNow(head.Group, head.From, head.To, head.Term),
        });

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() =>
        Prop.ForAll(Messages.ToArbitrary(), message =>
        {
            var bytes = Encode(message);
            var back = MessageCodec.Read(bytes);
            return back.GetType() == message.GetType() && Describe(back) == Describe(message) && Encode(back).AsSpan().SequenceEqual(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void SizeHint_OfAnyMessage_IsNotBelowItsSize() =>
        Prop.ForAll(Messages.ToArbitrary(), message => MessageCodec.SizeHint(message) >= Encode(message).Length)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Read_ArbitraryBytes_AnswersOrThrowsFormatException() =>
        Prop.ForAll(Bytes.ToArbitrary(), bytes => AnswersOrRefuses(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Read_DamagedMessage_AnswersOrThrowsFormatException() =>
        Prop.ForAll(
            Messages.ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(),
            (message, at, value) =>
            {
                var bytes = Encode(message);
                bytes[at % bytes.Length] = (byte)value;
                return AnswersOrRefuses(bytes);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Read_TruncatedAnywhere_ThrowsFormatException() =>
        Prop.ForAll(Messages.ToArbitrary(), message =>
        {
            var bytes = Encode(message);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<FormatException>(() => MessageCodec.Read(bytes.AsMemory(0, length)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Read_CountOfEntriesBeyondTheInput_AllocatesNothingForThem()
    {
        var writer = new ByteWriter();
        MessageCodec.Write(writer, new AppendRequest(GroupId.Default, new("n1"), new("n2"), new(1), new(1), new(1), new(1), []));
        var head = writer.WrittenSpan[..^1].ToArray();
        writer.Clear();
        writer.VarInt(1_000_000);
        byte[] bytes = [.. head, .. writer.WrittenSpan, .. new byte[1_000_100]];

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => MessageCodec.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Read_Append_OwnsItsData()
    {
        var entry = new Entry(new(1), new(1), HlcTimestamp.Zero, EntryKind.Command, new byte[] { 7, 7 });
        var bytes = Encode(new AppendRequest(GroupId.Default, new("n1"), new("n2"), new(1), new(0), new(0), new(0), [entry]));
        var message = (AppendRequest)MessageCodec.Read(bytes);

        Array.Clear(bytes);

        Assert.Equal([7, 7], message.Entries[0].Data.ToArray());
    }

    private static bool AnswersOrRefuses(byte[] bytes)
    {
        try
        {
            _ = MessageCodec.Read(bytes);
        }
        catch (FormatException)
        {
        }

        return true;
    }

    private static byte[] Encode(Message message)
    {
        var writer = new ByteWriter();
        MessageCodec.Write(writer, message);
        return writer.ToArray();
    }

    /// <summary>Everything a message holds as text: a check that does not go through the codec.</summary>
    private static string Describe(Message message) => message switch
    {
        AppendRequest m => $"{m with { Entries = [] }} {string.Join(' ', m.Entries.Select(e => $"{e with { Data = default }} {Convert.ToHexString(e.Data.Span)}"))}",
        SnapshotChunk m => $"{m with { Data = default }} {Convert.ToHexString(m.Data.Span)}",
        _ => message.ToString(),
    };
}
