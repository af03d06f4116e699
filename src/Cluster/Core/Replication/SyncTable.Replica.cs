using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication;

/// <summary>The other side: how far a follower has carried out the log of its source.</summary>
public sealed partial class SyncTable
{
    private readonly List<BlobManifest> _loadingBlobs = [];
    private DocumentSet? _loading;

    /// <summary>The last change of the source that was carried out here; 0 before the first, and where nothing is followed.</summary>
    public long Position { get; private set; }

    /// <summary>Whether a snapshot of the source is being loaded. What is loaded so far is in no snapshot of this state.</summary>
    public bool IsLoading => _loading is not null;

    private SyncResult Follow(ReplicaApply apply, DocumentSet documents, BlobTable blobs, in ApplyContext context)
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

            if (entry.IsOfBlob)
            {
                blobs.Follow(entry, context);
            }
            else
            {
                documents.Apply(entry);
            }

            Position = entry.Sequence;
        }

        return new SyncResult.Applied(Position);
    }

    private SyncResult.Applied BeginLoad()
    {
        _loading = new DocumentSet();
        _loadingBlobs.Clear();
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
            if (entry.Blob is { } blob)
            {
                _loadingBlobs.Add(blob);
            }
            else
            {
                _loading.Apply(entry);
            }
        }

        return new SyncResult.Applied(Position);
    }

    private SyncResult EndLoad(ReplicaReady ready, DocumentSet documents, BlobTable blobs, in ApplyContext context)
    {
        if (_loading is null)
        {
            return new SyncResult.Gap(Position);
        }

        documents.ReplaceWith(_loading);
        blobs.ReplaceWith(_loadingBlobs, context);
        _loading = null;
        _loadingBlobs.Clear();
        Position = ready.Sequence;
        return new SyncResult.Applied(Position);
    }
}
