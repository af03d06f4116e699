namespace Quorate.Core.Raft;

/// <summary>How one Raft node behaves. Ticks are the host's unit of time; see <see cref="RaftNode.Tick"/>.</summary>
public sealed record RaftConfig
{
    public required NodeId Id { get; init; }

    public GroupId Group { get; init; } = GroupId.Default;

    /// <summary>Milliseconds between two ticks of the host; only used to report durations.</summary>
    public int TickMs { get; init; } = 10;

    /// <summary>Ticks between heartbeats; at least 1.</summary>
    public int HeartbeatTicks { get; init; } = 5;

    /// <summary>Shortest election timeout; at least twice <see cref="HeartbeatTicks"/>.</summary>
    public int ElectionTicksMin { get; init; } = 25;

    /// <summary>Longest election timeout; more than <see cref="ElectionTicksMin"/>, so that candidates do not stay in step.</summary>
    public int ElectionTicksMax { get; init; } = 50;

    /// <summary>Entries in one append; at least 1.</summary>
    public int MaxAppendEntries { get; init; } = 1024;

    /// <summary>Bytes of entries in one append. A single larger entry is still sent, alone.</summary>
    public int MaxAppendBytes { get; init; } = 1 << 20;

    /// <summary>Appends sent to one follower and not answered yet.</summary>
    public int MaxInflightAppends { get; init; } = 64;

    /// <summary>Bytes of entries sent to one follower and not answered yet.</summary>
    public int MaxInflightBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of entries a leader holds that are not committed yet; beyond it proposals are refused.</summary>
    public long MaxUncommittedBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of the log in memory. Beyond it a leader refuses proposals, and a follower takes no new entries, until a snapshot lets the
    /// log be shortened; at least twice <see cref="MaxInflightBytes"/>. Should be several times what the host lets come between two
    /// snapshots, or they would be what writes wait for.
    /// </summary>
    public long MaxLogBytes { get; init; } = 128 << 20;

    /// <summary>Committed entries handed out in one <see cref="Ready"/>.</summary>
    public int MaxCommittedEntries { get; init; } = 4096;

    /// <summary>Bytes of a snapshot in one message.</summary>
    public int SnapshotChunkBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Serve reads without a round of heartbeats while the lease lasts, which assumes that clocks drift by at most
    /// <see cref="LeaseDriftPercent"/>. Switches off the early election after a lost connection: it would break the lease.
    /// </summary>
    public bool LeaseReads { get; init; }

    /// <summary>Share of the election timeout by which a lease is shortened, 1 to 90.</summary>
    public int LeaseDriftPercent { get; init; } = 20;

    /// <summary>Ticks that the voters after the first wait, each longer than the one before, when the leader's connection was lost.</summary>
    public int ConnectionLostStaggerTicks { get; init; } = 4;

    /// <summary>A mistake to make on purpose; only a simulation sets it.</summary>
    internal Mutation Mutation { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(!Id.IsNone && Id.Value.Length <= NodeId.MaxLength, $"{nameof(Id)} has 1 to {NodeId.MaxLength} characters");
        Require(HeartbeatTicks >= 1, $"{nameof(HeartbeatTicks)} is at least 1");
        Require(ElectionTicksMin >= 2 * HeartbeatTicks, $"{nameof(ElectionTicksMin)} is at least twice {nameof(HeartbeatTicks)}");
        Require(ElectionTicksMax > ElectionTicksMin, $"{nameof(ElectionTicksMax)} is more than {nameof(ElectionTicksMin)}");
        Require(MaxAppendEntries >= 1, $"{nameof(MaxAppendEntries)} is at least 1");
        Require(MaxInflightAppends >= 1, $"{nameof(MaxInflightAppends)} is at least 1");
        Require(MaxLogBytes >= 2L * MaxInflightBytes, $"{nameof(MaxLogBytes)} is at least twice {nameof(MaxInflightBytes)}");
        Require(MaxCommittedEntries >= 1, $"{nameof(MaxCommittedEntries)} is at least 1");
        Require(SnapshotChunkBytes >= 1, $"{nameof(SnapshotChunkBytes)} is at least 1");
        Require(LeaseDriftPercent is >= 1 and <= 90, $"{nameof(LeaseDriftPercent)} is 1 to 90");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule);
        }
    }
}

/// <summary>Where election timeouts come from: random in production, seeded in a simulation.</summary>
public interface IElectionJitter
{
    /// <summary>A number of ticks from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    int Next(int min, int max);
}

/// <summary>What a node finds on its disk when it starts.</summary>
/// <param name="Snapshot">
/// The newest snapshot. For a new node: index 0 with the membership the cluster is founded with, empty when it will be added later.
/// </param>
/// <param name="Entries">What follows the snapshot in the log, without a gap.</param>
public sealed record RestoredState(HardState HardState, SnapshotMeta Snapshot, IReadOnlyList<Entry> Entries)
{
    public static RestoredState Founding(Membership membership) =>
        new(default(HardState) with { VotedFor = NodeId.None }, new SnapshotMeta(LogIndex.Zero, Term.Zero, default, membership), []);
}

/// <summary>What became of a proposal.</summary>
public enum ProposeStatus
{
    Accepted,
    NotLeader,

    /// <summary>Leadership is being handed over; try again in a moment.</summary>
    Transferring,

    /// <summary>Too much is waiting to be committed; or to be compacted; see <see cref="RaftConfig.MaxUncommittedBytes"/> and <see cref="RaftConfig.MaxLogBytes"/>.</summary>
    Overloaded,

    /// <summary>The disk has no room for more entries. Decided by the host, never by <see cref="RaftNode"/>.</summary>
    DiskFull,

    /// <summary>A membership change must wait for the one under way, or for the leader's first commit.</summary>
    ChangePending,
}

/// <param name="First">Index of the first proposed entry, when accepted; the others follow without a gap.</param>
public readonly record struct ProposeResult(ProposeStatus Status, LogIndex First, Term Term);
