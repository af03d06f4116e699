using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>The bytes of a <see cref="NodeStatus"/>. Durations are in ticks of 100 ns, moments in milliseconds since 1970 (UTC).</summary>
internal static class ClientStatusCodec
{
    private const long MaxUnixMs = 253_402_300_799_999;

    public static void Write(ByteWriter writer, NodeStatus status)
    {
        EntryCodec.WriteNode(writer, status.Id);
        writer.Byte((byte)status.Role);
        writer.VarInt(status.Term.Value);
        EntryCodec.WriteNode(writer, status.Leader);
        EntryCodec.WriteNode(writer, status.VotedFor);
        writer.VarInt(status.CommitIndex.Value);
        writer.VarInt(status.AppliedIndex.Value);
        writer.VarInt(status.LastIndex.Value);
        writer.VarInt(status.SnapshotIndex.Value);
        EntryCodec.WriteMembership(writer, status.Membership);
        writer.OptionalInt64(status.SinceLeader?.Ticks);
        WriteMembers(writer, status.Members);
        WriteRoundTrips(writer, status.RoundTrips);
        writer.VarInt(status.StartedAt.ToUnixTimeMilliseconds());
        writer.OptionalInt64(status.Fsync.P50?.Ticks);
        writer.OptionalInt64(status.Fsync.P99?.Ticks);
        writer.VarInt(status.InboxLength);
        writer.VarInt(status.SaveQueueLength);
        writer.VarInt(status.ApplyQueueLength);
        writer.Bool(status.HasRoom);
        writer.OptionalString(status.Failure);
        WriteMark(writer, status.Mark);
    }

    /// <exception cref="FormatException">The bytes are not a status.</exception>
    public static NodeStatus Read(ref ByteReader reader) => new(
        Id: EntryCodec.ReadNode(ref reader),
        Role: ReadRole(ref reader),
        Term: EntryCodec.ReadTerm(ref reader),
        Leader: EntryCodec.ReadNode(ref reader),
        VotedFor: EntryCodec.ReadNode(ref reader),
        CommitIndex: EntryCodec.ReadIndex(ref reader),
        AppliedIndex: EntryCodec.ReadIndex(ref reader),
        LastIndex: EntryCodec.ReadIndex(ref reader),
        SnapshotIndex: EntryCodec.ReadIndex(ref reader),
        Membership: EntryCodec.ReadMembership(ref reader),
        SinceLeader: ReadDuration(ref reader),
        Members: ReadMembers(ref reader),
        RoundTrips: ReadRoundTrips(ref reader),
        StartedAt: DateTimeOffset.FromUnixTimeMilliseconds(AtMost(ref reader, MaxUnixMs)),
        Fsync: new LatencyFigures(ReadDuration(ref reader), ReadDuration(ref reader)),
        InboxLength: (int)AtMost(ref reader, int.MaxValue),
        SaveQueueLength: (int)AtMost(ref reader, int.MaxValue),
        ApplyQueueLength: (int)AtMost(ref reader, int.MaxValue),
        HasRoom: reader.Bool(),
        Failure: reader.OptionalString(),
        Mark: ReadMark(ref reader));

    private static void WriteMembers(ByteWriter writer, IReadOnlyList<MemberProgress> members)
    {
        writer.VarInt(members.Count);
        foreach (var member in members)
        {
            EntryCodec.WriteNode(writer, member.Id);
            writer.Byte((byte)member.State);
            writer.VarInt(member.Match.Value);
            writer.VarInt(member.Next.Value);
            writer.VarInt(member.InflightAppends);
            writer.Bool(member.RecentlyActive);
        }
    }

    private static List<MemberProgress> ReadMembers(ref ByteReader reader)
    {
        // Grows with what is really there, not with what a count promises.
        var members = new List<MemberProgress>();
        for (var left = reader.Count(); left > 0; left--)
        {
            members.Add(new MemberProgress(
                EntryCodec.ReadNode(ref reader),
                ReadProgress(ref reader),
                EntryCodec.ReadIndex(ref reader),
                EntryCodec.ReadIndex(ref reader),
                (int)AtMost(ref reader, int.MaxValue),
                reader.Bool()));
        }

        return members;
    }

    private static void WriteMark(ByteWriter writer, StateHashAt? mark)
    {
        writer.Bool(mark is not null);
        if (mark is not null)
        {
            writer.VarInt(mark.Index.Value);
            writer.String(mark.Hash);
        }
    }

    private static StateHashAt? ReadMark(ref ByteReader reader) =>
        reader.Bool() ? new StateHashAt(EntryCodec.ReadIndex(ref reader), reader.String()) : null;

    private static void WriteRoundTrips(ByteWriter writer, IReadOnlyList<PeerRoundTrip> roundTrips)
    {
        writer.VarInt(roundTrips.Count);
        foreach (var (peer, roundTrip) in roundTrips)
        {
            EntryCodec.WriteNode(writer, peer);
            writer.VarInt(roundTrip.Ticks);
        }
    }

    private static List<PeerRoundTrip> ReadRoundTrips(ref ByteReader reader)
    {
        var roundTrips = new List<PeerRoundTrip>();
        for (var left = reader.Count(); left > 0; left--)
        {
            roundTrips.Add(new PeerRoundTrip(EntryCodec.ReadNode(ref reader), new TimeSpan(AtMost(ref reader, long.MaxValue))));
        }

        return roundTrips;
    }

    private static RaftRole ReadRole(ref ByteReader reader)
    {
        var role = (RaftRole)reader.Byte();
        return role <= RaftRole.Leader ? role : throw new FormatException($"{(byte)role} is not a role");
    }

    private static ProgressState ReadProgress(ref ByteReader reader)
    {
        var state = (ProgressState)reader.Byte();
        return state is >= ProgressState.Probe and <= ProgressState.Snapshot ? state : throw new FormatException($"{(byte)state} is not a state of progress");
    }

    private static TimeSpan? ReadDuration(ref ByteReader reader) => reader.OptionalInt64() is { } ticks ? new TimeSpan(ticks) : null;

    private static long AtMost(ref ByteReader reader, long limit)
    {
        var value = reader.VarInt();
        return value >= 0 && value <= limit ? value : throw new FormatException($"{value} is not from 0 to {limit}");
    }
}
