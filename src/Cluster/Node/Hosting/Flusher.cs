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
        while (_jobs.TryTake(out var job))
        {
            log.Append(job.HardState, job.Snapshot, job.Entries);
            _batch.Add(job);
        }

        if (_batch.Count == 0)
        {
            return false;
        }

        while (!TryFlush())
        {
            if (_stopping)
            {
                return true;
            }

            Thread.Sleep(DiskFullWait);
        }

        foreach (var job in _batch)
        {
            saved(job);
        }

        _batch.Clear();
        settled(!_jobs.IsEmpty);
        return true;
    }

    // A full disk is not a failure: what was collected waits until there is space, and the engine takes no more meanwhile.
    private bool TryFlush()
    {
        try
        {
            log.Flush();
            return true;
        }
        catch (WalDiskFullException)
        {
            return false;
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
