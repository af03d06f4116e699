using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>A replicated state and a log of its own: each command becomes the next entry.</summary>
internal sealed class Replica
{
    private const long StartMs = 1_000_000;

    private HlcTimestamp _time;
    private long _nowMs = StartMs;

    public ClusterState State { get; private init; } = new();

    public List<Entry> Log { get; } = [];

    /// <summary>Events of the last entry.</summary>
    public List<StateEvent> Events { get; } = [];

    /// <summary>Lets time pass before the next entry.</summary>
    public void Advance(long ms) => _nowMs += ms;

    public CommandResult Apply(Command command, SessionSequence? session = null, string? key = null, string? reason = null, Fence? fence = null) =>
        Append(EntryKind.Command, CommandCodec.Encode(new CommandEnvelope(default, command, session, key, reason, fence)));

    public void Clock() => Append(EntryKind.Clock, default);

    public CommandResult Append(EntryKind kind, ReadOnlyMemory<byte> data)
    {
        _time = HlcTimestamp.After(_time, _nowMs);
        var entry = new Entry(new Term(1), State.AppliedIndex.Next, _time, kind, data);
        Log.Add(entry);
        return Apply(entry);
    }

    public CommandResult Apply(Entry entry)
    {
        Events.Clear();
        return State.Apply(entry, Events, out _);
    }

    /// <summary>A result as it would be kept for a retry: two results are the same when these are.</summary>
    public static byte[] Bytes(CommandResult result)
    {
        var writer = new ByteWriter();
        ResultCodec.Write(writer, result);
        return writer.ToArray();
    }

    /// <summary>A replica that went the same way and stands at the same time, but goes on by itself.</summary>
    public Replica Twin()
    {
        var twin = new Replica { _time = _time, _nowMs = _nowMs };
        Log.ForEach(entry => twin.Apply(entry));
        return twin;
    }

    /// <summary>A replica that begins with a snapshot of this one and stands at the same time.</summary>
    public Replica Restarted() => new() { State = StateSnapshot.Read(State.Freeze().Records()), _time = _time, _nowMs = _nowMs };

    /// <summary>A replica that begins with a snapshot of this one, to apply the entries of this one.</summary>
    public Replica FromSnapshot() => new() { State = StateSnapshot.Read(State.Freeze().Records()) };
}
