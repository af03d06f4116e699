using Microsoft.Extensions.Logging;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;

namespace Quorate.Node.Replication;

/// <summary>
/// A follower's own durable copy: the same log on disk, the same snapshots and the same state machine as a node's, fed by one writer
/// instead of by consensus. Position and content are in one entry, so that a crash never leaves one without the other.
/// </summary>
/// <remarks>One writer; reads from any thread.</remarks>
public sealed class ReplicaStore : IStateReader, IDisposable
{
    private static readonly Term Only = new(1);

    private readonly Lock _gate = new();
    private readonly WriteAheadLog _log;
    private readonly SnapshotStore _snapshots;
    private readonly SnapshotPolicy _policy;
    private readonly ClusterState _state;
    private readonly List<StateEvent> _events = [];
    private int _entries;
    private long _bytes;

    private ReplicaStore(WriteAheadLog log, SnapshotStore snapshots, SnapshotPolicy policy)
    {
        (_log, _snapshots, _policy) = (log, snapshots, policy);
        using var reader = snapshots.TryOpenLatest();
        _state = reader is null ? new ClusterState() : StateSnapshot.Read(reader.Records());
        foreach (var entry in log.Recovered.After(reader?.Meta))
        {
            _state.Apply(entry, _events, out _);
            _events.Clear();
        }

        log.ReleaseRecovered();
    }

    /// <summary>The last change of the source that is durable here.</summary>
    public long Position => Read(state => state.Sync.Position);

    /// <exception cref="StorageException">The directory is in use, or what is in it cannot be used.</exception>
    public static ReplicaStore Open(string directory, ILogger logger, SnapshotPolicy? policy = null)
    {
        var layout = new DataLayout(directory);
        DurableFile.CreateDirectory(layout.Log);
        DurableFile.CreateDirectory(layout.Snapshots);
        var snapshots = new SnapshotStore(layout.Snapshots, GroupId.Default, logger);
        try
        {
            var log = WriteAheadLog.Open(layout.Log, new WalOptions(), logger);
            try
            {
                return new ReplicaStore(log, snapshots, policy ?? new SnapshotPolicy());
            }
            catch (FormatException error)
            {
                log.Dispose();
                throw new StorageException($"the snapshot in {layout.Snapshots} cannot be used: {error.Message}. Delete {directory}; the follower begins anew.", error);
            }
            catch
            {
                log.Dispose();
                throw;
            }
        }
        catch
        {
            snapshots.Dispose();
            throw;
        }
    }

    public T Read<T>(Func<ClusterState, T> query)
    {
        lock (_gate)
        {
            return query(_state);
        }
    }

    T IStateReader.ReadState<T>(Func<ClusterState, T> query) => Read(query);

    /// <summary>Makes a command durable, then carries it out.</summary>
    /// <exception cref="StorageException">The disk is full or has failed.</exception>
    public SyncResult Execute(SyncCommand command)
    {
        var data = CommandCodec.Encode(new CommandEnvelope(default, command));
        var (index, time) = Read(state => (state.AppliedIndex.Next, HlcTimestamp.After(state.Time, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())));
        var entry = new Entry(Only, index, time, EntryKind.Command, data);
        _log.Append(null, null, [entry]);
        _log.Flush();
        CommandResult result;
        lock (_gate)
        {
            result = _state.Apply(entry, _events, out _);
            _events.Clear();
        }

        (_entries, _bytes) = (_entries + 1, _bytes + entry.Size);
        SnapshotIfDue();
        return result as SyncResult ?? throw new InvalidOperationException($"{command.GetType().Name} was answered {result}.");
    }

    public void Dispose()
    {
        _log.Dispose();
        _snapshots.Dispose();
    }

    // What is being loaded is in no snapshot, so none is taken meanwhile.
    private void SnapshotIfDue()
    {
        if ((_entries < _policy.EveryEntries && _bytes < _policy.EveryBytes) || _state.Sync.IsLoading)
        {
            return;
        }

        (_entries, _bytes) = (0, 0);
        var frozen = Read(state => state.Freeze());
        using (var writer = _snapshots.Begin(new SnapshotMeta(frozen.AppliedIndex, frozen.AppliedTerm, frozen.Time, Membership.Empty)))
        {
            foreach (var record in frozen.Records())
            {
                writer.Write(record.Span);
            }

            writer.Commit();
        }

        _log.Compact(_snapshots.CompactableIndex);
    }
}
