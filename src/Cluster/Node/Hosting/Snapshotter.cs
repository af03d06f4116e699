using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Diagnostics;
using Quorate.Node.Storage;

namespace Quorate.Node.Hosting;

/// <summary>What the applier asks of whoever takes snapshots.</summary>
internal interface ISnapshotTaker
{
    /// <summary>Counts applied entries, perhaps none. True when enough came since the last snapshot and none is being written.</summary>
    bool IsDue(IReadOnlyList<Entry> applied);

    /// <summary>Begins to write a snapshot of a state that does not change any more.</summary>
    void Take(FrozenState state, Membership membership);
}

/// <summary>Decides when a snapshot is due and writes it on a thread of its own, from a frozen state, while entries go on being applied.</summary>
/// <param name="taken">Called on that thread when a snapshot is durable.</param>
internal sealed class Snapshotter(SnapshotStore store, SnapshotPolicy policy, string name, ILogger logger, Action<SnapshotMeta> taken) : ISnapshotTaker
{
    /// <summary>Bytes written between two rests, each some times as long as the work was: disk and processor stay free for the log.</summary>
    private const int Stretch = 128 << 10;
    private const int RestPerWork = 10;

    /// <summary>After a snapshot that the disk refused.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private Thread? _writer;
    private volatile bool _stopping;
    private int _entries;
    private long _bytes;
    private long _notBefore;

    public bool IsDue(IReadOnlyList<Entry> applied)
    {
        _entries += applied.Count;
        var bytes = 0L;
        foreach (var entry in applied)
        {
            bytes += entry.Size;
        }

        Interlocked.Add(ref _bytes, bytes);
        return IsNextDue && Environment.TickCount64 >= Volatile.Read(ref _notBefore) && _writer is not { IsAlive: true };
    }

    private bool IsNextDue => Volatile.Read(ref _entries) >= policy.EveryEntries || Volatile.Read(ref _bytes) >= policy.EveryBytes;

    public void Take(FrozenState state, Membership membership)
    {
        var isLate = _bytes >= 2 * policy.EveryBytes;
        _entries = 0;
        _bytes = 0;
        var meta = new SnapshotMeta(state.AppliedIndex, state.AppliedTerm, state.Time, membership);
        _writer = new Thread(() => Write(state, meta, isLate)) { Name = $"snapshot-{name}", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Gives a snapshot up that is being written.</summary>
    public void Stop()
    {
        _stopping = true;
        _writer?.Join();
    }

    private void Write(FrozenState state, SnapshotMeta meta, bool isLate)
    {
        if (!isLate)
        {
            BackgroundWork.StepBack();
        }

        try
        {
            using var writer = store.Begin(meta);
            WriteRecords(writer, state);
            if (_stopping)
            {
                return;
            }

            writer.Commit();
        }
        catch (Exception error) when (error is StorageException or IOException)
        {
            // The log still has everything, but must not grow for ever.
            Volatile.Write(ref _notBefore, Environment.TickCount64 + (long)RetryPause.TotalMilliseconds);
            Interlocked.Add(ref _bytes, policy.EveryBytes);
            NodeLog.SnapshotFailed(logger, name, meta.Index.Value, error);
            return;
        }

        NodeLog.SnapshotTaken(logger, name, meta.Index.Value);
        taken(meta);
    }

    private void WriteRecords(SnapshotWriter writer, FrozenState state)
    {
        var stretchEnds = (long)Stretch;
        var began = Stopwatch.GetTimestamp();
        foreach (var record in state.Records())
        {
            writer.Write(record.Span);
            if (writer.Length < stretchEnds)
            {
                continue;
            }

            if (_stopping)
            {
                return;
            }

            // The log in memory grows until the snapshot is done: when the next one is due already there is no time to rest.
            if (!IsNextDue)
            {
                Thread.Sleep(RestPerWork * Stopwatch.GetElapsedTime(began));
            }

            began = Stopwatch.GetTimestamp();
            stretchEnds = writer.Length + Stretch;
        }
    }
}

/// <summary>When snapshots are taken.</summary>
public sealed record SnapshotPolicy
{
    /// <summary>After this many applied entries; at least 1.</summary>
    public int EveryEntries { get; init; } = 50_000;

    /// <summary>Or after this many bytes of entries; at least 1.</summary>
    public long EveryBytes { get; init; } = 32 << 20;

    /// <summary>Entries before a snapshot that stay in memory, so that a follower slightly behind needs no snapshot; at least 0.</summary>
    public int KeepEntries { get; init; } = 5_000;

    /// <summary>Fewer, when they would take more than these bytes; at least 0.</summary>
    public long KeepBytes { get; init; } = 16 << 20;
}
