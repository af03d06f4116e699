using Quorate.Core.Clocks;

namespace Quorate.Core.Raft;

/// <summary>What an entry carries. The values are part of the log's format.</summary>
public enum EntryKind : byte
{
    /// <summary>The first entry of a leader's term; its data is a <see cref="TermStart"/>.</summary>
    TermStart = 1,

    /// <summary>A command for the state machine.</summary>
    Command = 2,

    /// <summary>A change of <see cref="Membership"/>.</summary>
    Membership = 3,

    /// <summary>Nothing but the time it carries: the leader proposes one when something is due to expire and no traffic comes.</summary>
    Clock = 4,
}

/// <summary>One entry of the log.</summary>
/// <param name="Time">Stamped by the leader; strictly increasing along the log. The only clock the state machine knows.</param>
/// <param name="Data">Owned by the entry: never a slice of a buffer that is used again.</param>
public sealed record Entry(Term Term, LogIndex Index, HlcTimestamp Time, EntryKind Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes that this entry counts for in limits on batches and memory: its data and a fixed share for the header.</summary>
    public int Size => Data.Length + HeaderSize;

    private const int HeaderSize = 32;
}

/// <summary>What must survive a restart besides the log (Raft figure 2): the current term and whom this node voted for in it.</summary>
/// <param name="Commit">
/// Where the commit index stood, for people who look at a log. Recovery does not use it: after a crash the entries it counts may be
/// ones that the lost part of the same save was about to replace.
/// </param>
public readonly record struct HardState(Term Term, NodeId VotedFor, LogIndex Commit);

/// <summary>Where a snapshot stands in the log.</summary>
/// <param name="Index">The last entry whose effect it contains.</param>
/// <param name="Time">The time of that entry.</param>
public sealed record SnapshotMeta(LogIndex Index, Term Term, HlcTimestamp Time, Membership Membership);
