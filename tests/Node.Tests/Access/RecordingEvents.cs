using System.Collections.Concurrent;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;
using Quorate.Node.Hosting;

namespace Quorate.Node.Tests.Access;

/// <summary>Follows a link without judging: keeps what it reported.</summary>
internal sealed class RecordingEvents : ILinkEvents
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private int _downs;
    private int _states;
    private long _last;

    public ConcurrentQueue<Entry> Entries { get; } = new();

    public ConcurrentQueue<(long Number, ProposeStatus Status)> Refused { get; } = new();

    public ConcurrentQueue<(long Number, LogIndex? Index)> Reads { get; } = new();

    public ConcurrentQueue<NodeStatus> Statuses { get; } = new();

    public ClusterState? State { get; private set; }

    public int States => Volatile.Read(ref _states);

    public int Downs => Volatile.Read(ref _downs);

    /// <summary>The last entry that came, by itself or in a state.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Whether an entry was left out or came twice.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Takes nothing of the log until <see cref="Release"/>, as a client that is busy.</summary>
    public void Block() => _open.Reset();

    public void Release() => _open.Set();

    public void OnEntries(INodeLink link, IReadOnlyList<Entry> entries)
    {
        _open.Wait();
        foreach (var entry in entries)
        {
            HasGap |= Last > 0 && entry.Index.Value != Last + 1;
            Interlocked.Exchange(ref _last, entry.Index.Value);
            Entries.Enqueue(entry);
        }
    }

    public void OnState(INodeLink link, ClusterState state)
    {
        _open.Wait();
        State = state;
        Interlocked.Exchange(ref _last, state.AppliedIndex.Value);
        Interlocked.Increment(ref _states);
    }

    public void OnRefused(INodeLink link, long number, ProposeStatus status) => Refused.Enqueue((number, status));

    public void OnReadIndex(INodeLink link, long number, LogIndex? index) => Reads.Enqueue((number, index));

    public void OnStatus(INodeLink link, NodeStatus status) => Statuses.Enqueue(status);

    public void OnDown(INodeLink link) => Interlocked.Increment(ref _downs);
}
