using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Quorate.Node.Hosting;

/// <summary>Many writers, one reading thread that may sleep until something comes. Wakes it only when it sleeps.</summary>
public sealed class Inbox<T>
{
    private readonly ConcurrentQueue<T> _items = new();

    // No spinning that keeps others from running: a node has several such threads and must get by with few cores.
    private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 0);
    private int _asleep;

    public int Count => _items.Count;

    public bool IsEmpty => _items.IsEmpty;

    /// <summary>Leaves an item for whoever takes items next, without waking the reader.</summary>
    public void Add(T item) => _items.Enqueue(item);

    public void Post(T item)
    {
        Add(item);
        Wake();
    }

    /// <summary>Ends the reader's sleep without an item.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) == 1)
        {
            _signal.Set();
        }
    }

    public bool TryTake([MaybeNullWhen(false)] out T item) => _items.TryDequeue(out item);

    /// <summary>As <see cref="Wait"/>, for a reader who expects the next item within microseconds.</summary>
    public void WaitAwake(TimeSpan atMost)
    {
        for (var wait = new BriefWait(); _items.IsEmpty && wait.LookAgain();)
        {
        }

        if (_items.IsEmpty)
        {
            Wait(atMost);
        }
    }

    /// <summary>Sleeps until there is an item, <see cref="Wake"/> is called, or the time is over.</summary>
    public void Wait(TimeSpan atMost)
    {
        if (atMost <= TimeSpan.Zero)
        {
            return;
        }

        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        if (_items.IsEmpty)
        {
            // Rounded up: a wait of less than a millisecond would be none, and its caller would turn in circles.
            _signal.Wait((int)Math.Ceiling(atMost.TotalMilliseconds));
        }

        Volatile.Write(ref _asleep, 0);
        _signal.Reset();
    }
}
