using Quorate.Core.Raft;
using Quorate.Node.Storage;

namespace Quorate.Node.Hosting;

/// <summary>
/// The thread that owns the write-ahead log. Group commit: what arrives during one fsync shares the next.
/// </summary>
/// <param name="saved">Called on this thread for each durable job, in order.</param>
/// <param name="settled">Called on this thread after the last of the jobs that became durable together; told whether the next are waiting.</param>
/// <param name="failed">Called once when the disk has failed; nothing is saved any more.</param>
internal sealed class Flusher(WriteAheadLog log, string name, Action<SaveJob> saved, Action<bool> settled, Action<Exception> failed) : IDisposable
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    /// <summary>What is collected for one write, before the last entry: memory for more would be made and thrown away again and again.</summary>
    private const int WriteBytes = 2 << 20;

    private static readonly TimeSpan DiskFullWait = TimeSpan.FromMilliseconds(250);

    private readonly Inbox<SaveJob> _jobs = new();
    private readonly List<SaveJob> _batch = [];
    private Thread? _thread;
    private volatile bool _stopping;
    private long _compactTo;

    public int QueueLength => _jobs.Count;

    public void Start()
    {
        _thread = new Thread(Run) { Name = $"wal-{name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Post(SaveJob job) => _jobs.Post(job);

    /// <summary>Lets the log drop segments that hold nothing after <paramref name="upTo"/>, when there is time.</summary>
    public void CompactTo(LogIndex upTo)
    {
        Interlocked.Exchange(ref _compactTo, upTo.Value);
        _jobs.Wake();
    }

    public void Dispose()
    {
        _stopping = true;
        _jobs.Wake();
        _thread?.Join();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                if (!SaveBatch())
                {
                    log.Flush();
                    Compact();
                    _jobs.WaitAwake(IdleWait);
                }
            }
        }
        catch (Exception error) when (error is StorageException or IOException)
        {
            failed(error);
        }
    }

    private bool SaveBatch()
    {
        while (log.CollectedBytes < WriteBytes && _jobs.TryTake(out var job))
        {
            _batch.Add(job);
            if (!TryCollect(job))
            {
                return true;
            }
        }

        if (_batch.Count == 0)
        {
            return false;
        }

        if (!TryFlush())
        {
            return true;
        }

        foreach (var job in _batch)
        {
            saved(job);
        }

        _batch.Clear();
        settled(!_jobs.IsEmpty);
        return true;
    }

    // What is too much for one write goes in several. A crash between them leaves what a crash within one would: the beginning.
    private bool TryCollect(SaveJob job)
    {
        log.Append(job.HardState, job.Snapshot, []);
        for (var from = 0; from < job.Entries.Count;)
        {
            var to = from;
            for (var bytes = log.CollectedBytes; to < job.Entries.Count && (to == from || bytes < WriteBytes); to++)
            {
                bytes += job.Entries[to].Size;
            }

            log.Append(null, null, from == 0 && to == job.Entries.Count ? job.Entries : [.. job.Entries.Skip(from).Take(to - from)]);
            from = to;
            if (from < job.Entries.Count && !TryFlush())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Flushes. A full disk is not a failure: what was collected waits until there is space, and the engine takes no more meanwhile.</summary>
    /// <returns>False when the wait was ended by stopping.</returns>
    private bool TryFlush()
    {
        while (true)
        {
            try
            {
                log.Flush();
                return true;
            }
            catch (WalDiskFullException) when (!_stopping)
            {
                Thread.Sleep(DiskFullWait);
            }
            catch (WalDiskFullException)
            {
                return false;
            }
        }
    }

    private void Compact()
    {
        var upTo = Interlocked.Exchange(ref _compactTo, 0);
        if (upTo > 0)
        {
            log.Compact(new LogIndex(upTo));
        }
    }
}
