namespace Quorate.Core.Raft;

/// <summary>Compaction and installation of snapshots: Raft §7, in chunks that resume where they stopped.</summary>
public sealed partial class RaftNode
{
    private SnapshotMeta? _newestSnapshot;

    private SnapshotMeta SnapshotToSend => _newestSnapshot ?? _log.Snapshot;

    /// <summary>A snapshot of applied state is durable: entries that it contains are forgotten.</summary>
    /// <param name="snapshot">At most the last entry handed out to be applied. One older than the newest known is ignored.</param>
    /// <param name="keep">Entries before the snapshot that stay, so that a follower slightly behind needs no snapshot.</param>
    /// <param name="keepBytes">Fewer of them, when they are larger than this together.</param>
    public void Compact(SnapshotMeta snapshot, int keep = 0, long keepBytes = long.MaxValue)
    {
        if (snapshot.Index < SnapshotToSend.Index)
        {
            // One from the leader was installed while this one was being written.
            return;
        }

        _newestSnapshot = snapshot;
        var upTo = LogIndex.Min(LastToDrop(snapshot.Index, keep, keepBytes), LogIndex.Min(_handedCommit, _log.Saved));
        if (upTo <= _log.Snapshot.Index)
        {
            return;
        }

        var entry = _log[upTo];
        _log.Compact(new SnapshotMeta(upTo, entry.Term, entry.Time, MembershipAt(upTo)));
        var first = _memberships.FindLastIndex(membership => membership.Index <= upTo);
        if (first > 0)
        {
            _memberships.RemoveRange(0, first);
        }
    }

    private LogIndex LastToDrop(LogIndex last, int keep, long keepBytes)
    {
        var bytes = 0L;
        while (keep-- > 0 && last > _log.Snapshot.Index && last <= _log.LastIndex && (bytes += _log[last].Size) <= keepBytes)
        {
            last -= 1;
        }

        return last;
    }

    /// <summary>
    /// Takes a chunk that the host has stored. The store decides how far the snapshot has come, because it survives restarts.
    /// </summary>
    /// <param name="nextOffset">Bytes of this snapshot stored without a gap.</param>
    /// <param name="complete">The snapshot is whole, verified and durable.</param>
    public void StepSnapshot(SnapshotChunk chunk, long nextOffset, bool complete)
    {
        if (!AdmitTerm(chunk))
        {
            return;
        }

        HearLeader(chunk.From);
        var known = chunk.Meta.Index <= CommitIndex;
        if (complete && !known)
        {
            Install(chunk.Meta);
        }

        if (known || complete)
        {
            _sendAfterSave.Add(new SnapshotResponse(
                _config.Group, Id, chunk.From, Term, LogIndex.Max(chunk.Meta.Index, known ? CommitIndex : LogIndex.Zero), nextOffset, Installed: true));
            return;
        }

        _sendAfterSave.Add(new SnapshotResponse(_config.Group, Id, chunk.From, Term, chunk.Meta.Index, nextOffset, Installed: false));
    }

    private void Install(SnapshotMeta meta)
    {
        if (_log.Matches(meta.Index, meta.Term))
        {
            // The log already holds everything in the snapshot, and perhaps entries after it that were acknowledged
            // (Raft figure 13, step 6): keep it and apply from it.
            CommitTo(meta.Index);
            return;
        }

        _log.Reset(meta);
        _memberships.Clear();
        _memberships.Add((meta.Index, meta.Membership));
        _newestSnapshot = meta;
        _snapshotToSave = meta;
        CommitIndex = meta.Index;
        _handedCommit = meta.Index;
    }

    private void SendSnapshotChunk(Progress progress)
    {
        if (!progress.RecentlyActive && progress.State != ProgressState.Snapshot)
        {
            // Nobody would receive it. The next answer to a heartbeat starts the probe again.
            progress.Probe(progress.Next);
            progress.ProbeSent = true;
            return;
        }

        if (progress.Snapshot is null || (progress.SnapshotOffset == 0 && progress.Snapshot != SnapshotToSend))
        {
            progress.SendSnapshot(SnapshotToSend);
        }

        progress.SnapshotWait = 0;
        _sendAtOnce.Add(new SnapshotChunk(
            _config.Group, Id, progress.Id, Term, progress.Snapshot!, progress.SnapshotOffset, ReadOnlyMemory<byte>.Empty, Done: false));
    }

    private void OnSnapshotResponse(SnapshotResponse response)
    {
        if (Role != RaftRole.Leader || !_progress.TryGetValue(response.From, out var progress))
        {
            return;
        }

        progress.RecentlyActive = true;
        if (progress.State != ProgressState.Snapshot)
        {
            return;
        }

        if (response.Installed)
        {
            if (progress.Acknowledge(response.SnapshotIndex))
            {
                AdvanceCommit();
            }
        }
        else if (response.SnapshotIndex == progress.Snapshot!.Index && response.NextOffset != progress.SnapshotOffset)
        {
            // Asking for the chunk that is out already is an echo: answering it would double the traffic from here on.
            progress.SnapshotOffset = response.NextOffset;
            progress.SnapshotWait = -1;
        }
    }

    /// <summary>The host could not read the snapshot it was to send: it was replaced by a newer one. Starts again with that.</summary>
    public void SnapshotUnavailable(NodeId peer)
    {
        if (Role == RaftRole.Leader && _progress.TryGetValue(peer, out var progress) && progress.State == ProgressState.Snapshot)
        {
            progress.SendSnapshot(SnapshotToSend);
            progress.SnapshotWait = 0;
        }
    }
}
