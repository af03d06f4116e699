using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication;

/// <summary>The other side: how far a follower has carried out the log of its source.</summary>
public sealed partial class SyncTable
{
    private DocumentSet? _loading;

    /// <summary>The last change of the source that was carried out here; 0 before the first, and where nothing is followed.</summary>
    public long Position { get; private set; }

    /// <summary>Whether a snapshot of the source is being loaded. What is loaded so far is in no snapshot of this state.</summary>
    public bool IsLoading => _loading is not null;

    private SyncResult Follow(ReplicaApply apply, DocumentSet documents)
    {
        // Whoever goes on with the log has given a snapshot up, as after a restart in the middle of one.
        _loading = null;
        foreach (var entry in apply.Entries)
        {
            if (entry.Sequence <= Position)
            {
                continue;
            }

            if (entry.Sequence != Position + 1)
            {
                return new SyncResult.Gap(Position);
            }

            documents.Apply(entry);
            Position = entry.Sequence;
        }

        return new SyncResult.Applied(Position);
    }

    private SyncResult.Applied BeginLoad()
    {
        _loading = new DocumentSet();
        return new SyncResult.Applied(Position);
    }

    private SyncResult Load(ReplicaLoad load)
    {
        if (_loading is null)
        {
            return new SyncResult.Gap(Position);
        }

        foreach (var entry in load.Entries)
        {
            _loading.Apply(entry);
        }

        return new SyncResult.Applied(Position);
    }

    private SyncResult EndLoad(ReplicaReady ready, DocumentSet documents)
    {
        if (_loading is null)
        {
            return new SyncResult.Gap(Position);
        }

        documents.ReplaceWith(_loading);
        _loading = null;
        Position = ready.Sequence;
        return new SyncResult.Applied(Position);
    }
}
