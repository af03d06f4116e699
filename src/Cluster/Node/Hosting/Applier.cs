using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Nodes;

namespace Quorate.Node.Hosting;

/// <summary>
/// Applies committed entries to the replicated state, passes them on to taps, and takes snapshots: on the thread that found them
/// committed while they are few, on a thread of its own when they are many.
/// </summary>
internal sealed class Applier : IDisposable
{
    /// <summary>Entries, and their bytes, kept at hand for taps that resume.</summary>
    private const int RecentEntries = 4096;
    private const long RecentBytes = 16 << 20;

    /// <summary>Entries at once, and pieces of work, that the thread of somebody else may be kept busy with.</summary>
    private const int FewEntries = 256;
    private const int FewPieces = 64;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly Inbox<Action> _work = new();
    private readonly Queue<Entry> _recent = new();
    private readonly List<ITap> _taps = [];
    private readonly List<StateEvent> _events = [];
    private readonly Lock _turn = new();
    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly Action<Exception> _failed;
    private readonly ISnapshotTaker _snapshotter;
    private readonly Action<IReadOnlyList<RegisteredNode>> _wantedChanged;
    private readonly StateMarks _marks = new();
    private volatile IReadOnlyList<RegisteredNode> _wanted;

    private Thread? _thread;
    private volatile bool _stopping;
    private ClusterState _state;
    private Membership _membership;
    private long _recentBytes;
    private long _appliedIndex;
    private long _nextDue;

    /// <param name="wantedChanged">Called on the applier's thread when the wanted members changed.</param>
    public Applier(
        string name,
        ClusterState state,
        Membership membership,
        ISnapshotTaker snapshotter,
        Action<IReadOnlyList<RegisteredNode>> wantedChanged,
        Action<Exception> failed)
    {
        _wantedChanged = wantedChanged;
        _name = name;
        _state = state;
        _membership = membership;
        _snapshotter = snapshotter;
        _failed = failed;
        _wanted = [.. state.Nodes.All()];
        Publish();
    }

    public LogIndex AppliedIndex => new(Volatile.Read(ref _appliedIndex));

    public HlcTimestamp? NextDue => Volatile.Read(ref _nextDue) is > 0 and var due ? new HlcTimestamp(due) : null;

    public int QueueLength => _work.Count;

    /// <summary>The members that the state wants beyond the founders.</summary>
    public IReadOnlyList<RegisteredNode> Wanted => _wanted;

    public StateHashAt? Mark => _marks.Latest;

    public void Start()
    {
        _thread = new Thread(Run) { Name = $"apply-{_name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Reads the state as it is now; short, because applying waits meanwhile.</summary>
    public T Read<T>(Func<ClusterState, T> query)
    {
        lock (_gate)
        {
            return query(_state);
        }
    }

    /// <summary>Queues entries. Few are left for the caller's next <see cref="Work"/>.</summary>
    public void Apply(IReadOnlyList<Entry> entries)
    {
        _work.Add(() => ApplyEntries(entries));
        if (entries.Count > FewEntries)
        {
            _work.Wake();
        }
    }

    /// <summary>Queues something that has to come after what is queued already. Left for the caller's next <see cref="Work"/>.</summary>
    public void Add(Action work) => _work.Add(work);

    /// <summary>Does what is queued, unless another thread is at it; what takes long is left to the applier's own thread.</summary>
    public void Work()
    {
        for (var pieces = 0; !_work.IsEmpty && !_stopping && !_turn.IsHeldByCurrentThread && _turn.TryEnter();)
        {
            try
            {
                while (pieces++ < FewPieces && TryRunNext())
                {
                }
            }
            catch (Exception error)
            {
                _failed(error);
                return;
            }
            finally
            {
                _turn.Exit();
            }

            if (pieces > FewPieces)
            {
                _work.Wake();
                return;
            }

            Interlocked.MemoryBarrier();
        }
    }

    public void Restore(ClusterState state, SnapshotMeta meta) => _work.Post(() =>
    {
        lock (_gate)
        {
            _state = state;
        }

        _membership = meta.Membership;
        SetWanted();
        _recent.Clear();
        _recentBytes = 0;
        Publish();
        var frozen = Freeze();
        _taps.ForEach(tap => tap.OnState(frozen));
    });

    /// <summary>Lets a tap follow the log from the entry after <paramref name="after"/> on.</summary>
    public void Subscribe(ITap tap, LogIndex after) => _work.Post(() =>
    {
        _taps.Remove(tap);
        var missing = _recent.Where(entry => entry.Index > after).ToArray();
        var covered = after >= AppliedIndex || (missing.Length > 0 && missing[0].Index == after.Next);
        if (covered && missing.Length > 0)
        {
            tap.OnEntries(missing);
        }
        else if (!covered)
        {
            tap.OnState(Freeze());
        }

        _taps.Add(tap);
    });

    public void Unsubscribe(ITap tap) => _work.Post(() => _taps.Remove(tap));

    public void Dispose()
    {
        _stopping = true;
        _work.Wake();
        _thread?.Join();

        // Another thread may still be at it.
        lock (_turn)
        {
        }
    }

    /// <summary>Does the oldest piece of work. False when there is none. The simulation calls this in place of the thread.</summary>
    internal bool TryRunNext()
    {
        if (!_work.TryTake(out var work))
        {
            return false;
        }

        work();
        return true;
    }

    private void Run()
    {
        try
        {
            _wantedChanged(_wanted);
            while (!_stopping)
            {
                lock (_turn)
                {
                    while (!_stopping && TryRunNext())
                    {
                    }

                    // Also without another entry: while the log is full none comes.
                    TakeSnapshotIfDue([]);
                }

                _work.Wait(IdleWait);
            }
        }
        catch (Exception error)
        {
            // A state machine that cannot apply a committed entry must not serve anybody.
            _failed(error);
        }
    }

    private void ApplyEntries(IReadOnlyList<Entry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _state.Apply(entry, _events, out _);
                OnApplied();
            }
        }

        foreach (var entry in entries)
        {
            _recent.Enqueue(entry);
            _recentBytes += entry.Size;
        }

        while (_recent.Count > RecentEntries || _recentBytes > RecentBytes)
        {
            _recentBytes -= _recent.Dequeue().Size;
        }

        Publish();
        foreach (var tap in _taps)
        {
            tap.OnEntries(entries);
        }

        TakeSnapshotIfDue(entries);
    }

    private void TakeSnapshotIfDue(IReadOnlyList<Entry> applied)
    {
        if (_snapshotter.IsDue(applied))
        {
            _snapshotter.Take(Freeze(), _membership);
        }
    }

    // With the gate held, after each entry: the applier's own interest in what it changed.
    private void OnApplied()
    {
        foreach (var change in _events)
        {
            switch (change)
            {
                case StateEvent.MembershipChanged changed:
                    _membership = changed.Membership;
                    break;
                case StateEvent.NodesChanged:
                    SetWanted();
                    break;
                case StateEvent.Marked:
                    _marks.Take(_state.Freeze());
                    break;
            }
        }

        _events.Clear();
    }

    private void SetWanted()
    {
        _wanted = [.. _state.Nodes.All()];
        _wantedChanged(_wanted);
    }

    private FrozenState Freeze()
    {
        lock (_gate)
        {
            return _state.Freeze();
        }
    }

    private void Publish()
    {
        Volatile.Write(ref _appliedIndex, _state.AppliedIndex.Value);
        Volatile.Write(ref _nextDue, _state.NextDue?.Value ?? 0);
    }
}
