using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Diagnostics;
using Quorate.Node.Storage;

namespace Quorate.Node.Hosting;

/// <summary>Puts log and snapshot together again when a node starts.</summary>
internal static class Recovery
{
    /// <exception cref="StorageException">Entries between the snapshot and the log are missing, or the snapshot cannot be read.</exception>
    public static (RestoredState Raft, ClusterState State) Restore(
        RaftHostOptions options, WriteAheadLog log, SnapshotStore snapshots, ILogger logger)
    {
        using var reader = snapshots.TryOpenLatest();
        var state = reader is null ? new ClusterState() : ReadState(reader);
        return (Restore(options, log, reader?.Meta, logger), state);
    }

    /// <param name="latest">The newest usable snapshot; null when there is none.</param>
    /// <exception cref="StorageException">Entries between the snapshot and the log are missing.</exception>
    public static RestoredState Restore(RaftHostOptions options, WriteAheadLog log, SnapshotMeta? latest, ILogger logger)
    {
        var recovered = log.Recovered;
        var snapshot = latest ?? Founding(options, log);
        var entries = recovered.After(snapshot);
        if (!FitsLog(snapshot, recovered))
        {
            // A crash fell between a snapshot and what the log says of it. The snapshot was durable first, and it is committed
            // state: whatever the log holds beside it was not.
            NodeLog.LogReplaced(logger, options.Raft.Id.Value, snapshot.Index.Value, recovered.LastIndex.Value);
            log.Append(null, snapshot, []);
            log.Flush();
            entries = [];
        }

        log.ReleaseRecovered();
        return new RestoredState(recovered.HardState with { VotedFor = Named(recovered.HardState.VotedFor) }, snapshot, entries);
    }

    private static NodeId Named(NodeId node) => node.IsNone ? NodeId.None : node;

    private static bool FitsLog(SnapshotMeta snapshot, RecoveredLog recovered)
    {
        if (recovered.LastIndex < snapshot.Index)
        {
            return false;
        }

        foreach (var entry in recovered.Entries)
        {
            if (entry.Index == snapshot.Index)
            {
                return entry.Term == snapshot.Term;
            }
        }

        return true;
    }

    // The members a cluster is founded with are remembered in the log from the first start on: changing the configuration later
    // must not change who has voted.
    private static SnapshotMeta Founding(RaftHostOptions options, WriteAheadLog log)
    {
        if (log.Recovered.InstalledSnapshot is { } remembered)
        {
            return remembered.Index == LogIndex.Zero
                ? remembered
                : throw new StorageException(
                    $"the log in {log.Recovered.Directory} follows a snapshot at entry {remembered.Index}, which is missing. Restore the directory from a backup, or remove the node and let it join anew.");
        }

        var membership = options.Founders.Count == 0 ? Membership.Empty : Membership.Of(options.Founders);
        var founding = new SnapshotMeta(LogIndex.Zero, Term.Zero, default, membership);
        log.Append(null, founding, []);
        log.Flush();
        return founding;
    }

    private static ClusterState ReadState(SnapshotReader reader)
    {
        try
        {
            return StateSnapshot.Read(reader.Records());
        }
        catch (FormatException error)
        {
            throw new StorageException($"snapshot {reader.Meta.Index} cannot be used: {error.Message}", error);
        }
    }
}
