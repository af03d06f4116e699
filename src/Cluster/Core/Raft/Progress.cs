namespace Quorate.Core.Raft;

public enum ProgressState
{
    /// <summary>Looking for the last entry in common: one append at a time.</summary>
    Probe,

    /// <summary>Appends follow each other without waiting for answers, within the limits of the window.</summary>
    Replicate,

    /// <summary>The follower needs entries that are compacted away: a snapshot is on its way.</summary>
    Snapshot,
}

/// <summary>What a leader knows about one other member.</summary>
internal sealed class Progress(NodeId id, LogIndex next)
{
    private readonly Queue<(LogIndex Last, int Bytes)> _inflight = new();

    public NodeId Id { get; } = id;

    public ProgressState State { get; private set; } = ProgressState.Probe;

    /// <summary>The last entry known to be the same on both sides, durable over there.</summary>
    public LogIndex Match { get; private set; } = LogIndex.Zero;

    /// <summary>The next entry to send.</summary>
    public LogIndex Next { get; private set; } = next;

    /// <summary>The highest commit index told to the member.</summary>
    public LogIndex CommitSent { get; set; } = LogIndex.Zero;

    /// <summary>Whether it answered since the last check of the quorum.</summary>
    public bool RecentlyActive { get; set; }

    /// <summary>Whether a probe is out and unanswered.</summary>
    public bool ProbeSent { get; set; }

    /// <summary>The newest read round it confirmed.</summary>
    public long ReadRound { get; set; }

    /// <summary>Entry bytes sent and not answered.</summary>
    public long InflightBytes { get; private set; }

    public int InflightAppends => _inflight.Count;

    public SnapshotMeta? Snapshot { get; private set; }

    /// <summary>Where the next chunk of <see cref="Snapshot"/> begins.</summary>
    public long SnapshotOffset { get; set; }

    /// <summary>Ticks since a chunk was sent; -1 when none is out.</summary>
    public int SnapshotWait { get; set; } = -1;

    public void Probe(LogIndex next)
    {
        State = ProgressState.Probe;
        Next = LogIndex.Max(next, Match.Next);
        ProbeSent = false;
        Snapshot = null;
        ClearWindow();
    }

    public void SendSnapshot(SnapshotMeta snapshot)
    {
        State = ProgressState.Snapshot;
        Snapshot = snapshot;
        SnapshotOffset = 0;
        SnapshotWait = -1;
        ClearWindow();
    }

    /// <summary>The member has everything up to <paramref name="index"/>. Answers whether that was news.</summary>
    public bool Acknowledge(LogIndex index)
    {
        while (_inflight.Count > 0 && _inflight.Peek().Last <= index)
        {
            InflightBytes -= _inflight.Dequeue().Bytes;
        }

        var advanced = index > Match;
        Match = LogIndex.Max(Match, index);
        Next = LogIndex.Max(Next, index.Next);
        if (State == ProgressState.Probe || (State == ProgressState.Snapshot && Match >= Snapshot!.Index))
        {
            State = ProgressState.Replicate;
            Snapshot = null;
            ProbeSent = false;
            Next = Match.Next;
            ClearWindow();
        }

        return advanced;
    }

    public void Sent(LogIndex last, int bytes)
    {
        Next = last.Next;
        _inflight.Enqueue((last, bytes));
        InflightBytes += bytes;
    }

    private void ClearWindow()
    {
        _inflight.Clear();
        InflightBytes = 0;
    }
}
