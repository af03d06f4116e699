using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Storage;

/// <summary>
/// The durable log of one Raft group: everything that this node has promised to others (Raft figure 2, "persistent state").
/// <code>
///   0000000000000001.wal     0000000000000002.wal     next.tmp
///   | header | records |     | header | rec.. | 0 |   | reserved |
///        full                     active                 for the next roll
/// </code>
/// <see cref="Append"/> collects, <see cref="Flush"/> writes what was collected as one batch with one fsync.
/// What a caller may rely on:
/// <list type="number">
/// <item>After <see cref="Flush"/> returns, everything appended before it survives a crash.</item>
/// <item>A crash during a flush leaves a prefix of its batch, never anything after a gap.</item>
/// <item>Damage anywhere before the last batch is found at start and never passed over.</item>
/// <item>After an error of write or fsync nothing is accepted any more. A full disk is not such an error.</item>
/// </list>
/// Not thread-safe: one thread owns it. Only the properties may be read from others.
/// </summary>
public sealed partial class WriteAheadLog : IDisposable
{
    private readonly IWalFiles _files;
    private readonly string _directory;
    private readonly WalOptions _options;
    private readonly ILogger _logger;
    private readonly IDisposable _lock;
    private readonly WalBatch _batch = new();
    private WalState _flushed;
    private WalState _pending;
    private long _nextBatch;
    private WalFailedException? _failure;

    private WriteAheadLog(IWalFiles files, string directory, WalOptions options, ILogger logger, IDisposable directoryLock)
    {
        _files = files;
        _directory = directory;
        _options = options;
        _logger = logger;
        _lock = directoryLock;
        Recovered = Recover();
    }

    /// <summary>What the log held when it was opened.</summary>
    public RecoveredLog Recovered { get; private set; }

    /// <summary>The last index appended, durable or not.</summary>
    public LogIndex LastIndex => _pending.LastIndex;

    /// <summary>The last index that survives a crash.</summary>
    public LogIndex DurableIndex => _flushed.LastIndex;

    /// <summary>Bytes collected for the next <see cref="Flush"/>.</summary>
    public int CollectedBytes => _batch.Length;

    /// <summary>Whether an error of the disk has ended this log.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Opens the log in a directory, which is created when it is missing, and recovers what it holds.</summary>
    /// <exception cref="WalCorruptedException">It is damaged before its tail, or a segment is missing.</exception>
    /// <exception cref="WalDiskFullException">There is no space for the first segment.</exception>
    /// <exception cref="StorageException">It is in use, cannot be read or written, or belongs to another node or group.</exception>
    public static WriteAheadLog Open(string directory, WalOptions options, ILogger logger, IWalFiles? files = null)
    {
        options.Validate();
        files ??= DiskFiles.Instance;
        var full = Path.GetFullPath(directory);
        var held = files.Lock(full);
        try
        {
            return Guarded(full, () => new WriteAheadLog(files, full, options, logger, held));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Collects what one step of Raft has to save, in the order of <see cref="Ready"/>. Durable after <see cref="Flush"/>.</summary>
    /// <param name="installedSnapshot">A snapshot from the leader, already committed to the snapshot store: it replaces every entry before this call.</param>
    /// <param name="entries">Consecutive. The first may be at or before <see cref="LastIndex"/>: it replaces that entry and all after it.</param>
    /// <exception cref="ArgumentException">The entries leave a gap.</exception>
    /// <exception cref="WalFailedException">The log has failed before.</exception>
    public void Append(HardState? hardState, SnapshotMeta? installedSnapshot, IReadOnlyList<Entry> entries)
    {
        ThrowIfFailed();
        ThrowOnGap(installedSnapshot?.Index ?? LastIndex, entries);
        if (hardState is { } state)
        {
            _batch.Add(state);
            _pending = _pending with { HardState = state };
        }

        if (installedSnapshot is not null)
        {
            _batch.Add(installedSnapshot);
            _pending = _pending with { Snapshot = installedSnapshot, LastIndex = installedSnapshot.Index, HighestIndex = LogIndex.Max(_pending.HighestIndex, installedSnapshot.Index) };
        }

        for (var i = 0; i < entries.Count; i++)
        {
            _batch.Add(entries[i]);
        }

        if (entries.Count > 0)
        {
            var last = entries[^1].Index;
            _pending = _pending with { LastIndex = last, HighestIndex = LogIndex.Max(_pending.HighestIndex, last) };
        }
    }

    /// <summary>Makes everything appended durable: one write, one fsync. Without anything to write it only looks after reserved space.</summary>
    /// <exception cref="WalDiskFullException">No space; everything stays collected, and calling again is safe.</exception>
    /// <exception cref="WalFailedException">The disk failed; the log is closed for good.</exception>
    public void Flush()
    {
        ThrowIfFailed();
        if (_batch.IsEmpty)
        {
            ReserveNext();
            return;
        }

        var started = Stopwatch.GetTimestamp();
        if (_batch.Length > _active.Room)
        {
            Roll(_batch.Length);
        }

        var bytes = _batch.Seal(_nextBatch, _active.Salt);
        WriteToActive(bytes, _active.End);
        SyncActive();
        _active.End += bytes.Length;
        _active.HighestIndex = LogIndex.Max(_active.HighestIndex, _pending.HighestIndex);
        _pending = _pending with { HighestIndex = LogIndex.Zero };
        _flushed = _pending;
        _nextBatch++;
        _batch.Clear();
        _options.Flushed?.Invoke(Stopwatch.GetElapsedTime(started));
        ReserveNext();
    }

    /// <summary>Forgets what was recovered, which the owner has taken over, so that its memory can be given back.</summary>
    public void ReleaseRecovered() => Recovered = Recovered with { Entries = [] };

    /// <summary>Closes the files. What was appended and not flushed is lost, as in a crash.</summary>
    public void Dispose()
    {
        _activeFile.Dispose();
        _next?.Dispose();
        _lock.Dispose();
    }

    private static void ThrowOnGap(LogIndex last, IReadOnlyList<Entry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var index = entries[i].Index;
            if (i == 0 ? index > last.Next || index < new LogIndex(1) : index != last.Next)
            {
                throw new ArgumentException($"entry {index} follows entry {last}", nameof(entries));
            }

            last = index;
        }
    }

    private static T Guarded<T>(string directory, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not StorageException)
        {
            throw new StorageException($"cannot use the log in {directory}: {e.Message} Check its owner, permissions and disk.", e);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private WalFailedException Fail(string file, Exception cause)
    {
        _failure = new WalFailedException(file, cause);
        StorageLog.WalFailed(_logger, file, cause);
        return _failure;
    }

    /// <summary>What the records up to some point add up to.</summary>
    /// <param name="HighestIndex">Of what is collected and not written yet.</param>
    private readonly record struct WalState(HardState HardState, SnapshotMeta? Snapshot, LogIndex LastIndex, LogIndex HighestIndex);
}
