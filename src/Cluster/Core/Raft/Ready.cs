namespace Quorate.Core.Raft;

/// <summary>
/// What the host has to do after stepping a <see cref="RaftNode"/>. The order is the safety of the protocol:
/// <code>
///   1. SendAtOnce                                may overlap the save below
///   2. HardState + Snapshot + Entries            one save, one fsync
///   3. SendAfterSave                             only when 2 is durable
///   4. RaftNode.Saved(...)                       when 2 is durable
///   5. Committed, Reads                          any time after TakeReady, in the order taken
/// </code>
/// </summary>
public sealed class Ready
{
    public static readonly Ready Nothing = new();

    /// <summary>Set when term or vote changed. Durable before anything in <see cref="SendAfterSave"/> leaves.</summary>
    public HardState? HardState { get; init; }

    /// <summary>A snapshot received whole, which replaces log and state. Saved before <see cref="Entries"/>.</summary>
    public SnapshotMeta? Snapshot { get; init; }

    /// <summary>Entries to save. The first one may overwrite saved entries at its index and after: they are gone then.</summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];

    /// <summary>A leader's appends and heartbeats: they promise nothing about this node's own disk, so they go while it saves.</summary>
    public IReadOnlyList<Message> SendAtOnce { get; init; } = [];

    /// <summary>Votes and acknowledgements: each is a promise that what it says has been saved.</summary>
    public IReadOnlyList<Message> SendAfterSave { get; init; } = [];

    /// <summary>Entries that are now known to be committed, in order, each exactly once.</summary>
    public IReadOnlyList<Entry> Committed { get; init; } = [];

    /// <summary>Reads that may be served once the state machine has applied up to their index.</summary>
    public IReadOnlyList<ReadState> Reads { get; init; } = [];

    /// <summary>Whether there is anything to save.</summary>
    public bool MustSave => HardState is not null || Snapshot is not null || Entries.Count > 0;
}

/// <summary>A confirmed read.</summary>
/// <param name="RequestId">As given to <c>RaftNode.ReadIndex</c>.</param>
/// <param name="Index">Serve after this index has been applied; null: this node could not confirm that it leads, ask again elsewhere.</param>
public readonly record struct ReadState(long RequestId, LogIndex? Index);
