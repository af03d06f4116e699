using Quorate.Node.Storage;

namespace Quorate.Node.Blobs;

/// <summary>Makes renames durable, many with one fsync of their directory: what comes during one round shares the next.</summary>
internal sealed class GroupSync
{
    private readonly object _gate = new();
    private Round _next = new();
    private bool _busy;

    /// <summary>Returns when the names in a directory are durable.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public void Sync(string directory)
    {
        Round mine;
        lock (_gate)
        {
            mine = _next;
            mine.Directories.Add(directory);
            while (_busy && !mine.IsDone)
            {
                Monitor.Wait(_gate);
            }

            if (mine.IsDone)
            {
                mine.ThrowIfFailed();
                return;
            }

            (_busy, _next) = (true, new Round());
        }

        mine.Run();
        lock (_gate)
        {
            (_busy, mine.IsDone) = (false, true);
            Monitor.PulseAll(_gate);
        }

        mine.ThrowIfFailed();
    }

    private sealed class Round
    {
        private IOException? _failure;

        public HashSet<string> Directories { get; } = new(StringComparer.Ordinal);

        public bool IsDone { get; set; }

        public void Run()
        {
            try
            {
                foreach (var directory in Directories)
                {
                    DurableFile.SyncDirectory(directory);
                }
            }
            catch (IOException error)
            {
                _failure = error;
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                throw new IOException(_failure.Message, _failure);
            }
        }
    }
}
