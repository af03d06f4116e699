using Quorate.Node.Hosting;

namespace Quorate.Node.Blobs;

/// <summary>Threads for disk work on chunks, behind every other thread: they wait for fsync, and must not take the thread pool with them.</summary>
internal sealed class ChunkThreads : IDisposable
{
    private const int Count = 4;

    private readonly object _gate = new();
    private readonly Queue<Action> _work = new();
    private readonly Thread[] _threads;
    private bool _stopped;

    public ChunkThreads(string name)
    {
        _threads = [.. Enumerable.Range(0, Count).Select(_ => new Thread(Run) { Name = $"blobs-{name}", IsBackground = true })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <exception cref="ChunkSourceException">The node stops.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stopped)
            {
                throw new ChunkSourceException("the node is stopping");
            }

            _work.Enqueue(() =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception error)
                {
                    // Whatever it is, it belongs to whoever waits for the result.
                    done.SetException(error);
                }
            });
            Monitor.Pulse(_gate);
        }

        return done.Task;
    }

    /// <summary>Finishes what was taken, and takes no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(_threads, thread => thread.Join());
    }

    private void Run()
    {
        BackgroundWork.StepBack();
        while (true)
        {
            Action work;
            lock (_gate)
            {
                while (_work.Count == 0)
                {
                    if (_stopped)
                    {
                        return;
                    }

                    Monitor.Wait(_gate);
                }

                work = _work.Dequeue();
            }

            work();
        }
    }
}
