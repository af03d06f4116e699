using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>
/// A region's changes on their way to the coordinator: pending by priority, in flight by number, waiting for another try, or parked for an operator.
/// An item leaves only when the coordinator is known to have its change. Part of the replicated state, so it survives whatever a majority survives.
/// <code>
///   Enqueue ─▶ pending ──take──▶ in flight ──acknowledged──▶ gone
///                 ▲                 │ refused, or the session ended before an answer
///                 └──── when due ── retrying ── too often ──▶ parked ──an operator──▶ pending
/// </code>
/// </summary>
/// <remarks>
/// Invariants: 1. enqueued = acknowledged + pending + in flight + retrying + parked; 2. numbers in flight follow each other without a gap and end
/// with <see cref="LastNumber"/>; 3. a number is given to another change only after the coordinator said, in a later session, that it never came.
/// </remarks>
public sealed partial class Outbox
{
    /// <summary>A change that was refused this often is parked.</summary>
    public const int MaxAttempts = 10;

    private readonly CowTree<long, OutboxItem> _items = new(Comparer<long>.Default);
    private readonly SortedSet<(int Priority, long Id)> _pending = [];
    private readonly SortedDictionary<long, long> _inFlight = [];
    private readonly SortedSet<(HlcTimestamp Due, long Id)> _retrying = [];
    private readonly SortedSet<long> _parked = [];
    private readonly long[] _pendingCount = new long[ChangeEvent.Priorities];
    private readonly long[] _pendingBytes = new long[ChangeEvent.Priorities];
    private long _lastId;

    public int Count => _items.Count;

    /// <summary>What all items count together; see <see cref="ChangeEvent.Cost"/>.</summary>
    public long Bytes { get; private set; }

    public int InFlight => _inFlight.Count;

    public int Retrying => _retrying.Count;

    public int Parked => _parked.Count;

    public int Waiting => _pending.Count;

    public OutboxCounters Counters { get; private set; } = OutboxCounters.Zero;

    /// <summary>When the next item is tried again; null when none waits for that.</summary>
    public HlcTimestamp? NextRetry => _retrying.Count == 0 ? null : _retrying.Min.Due;

    /// <summary>The last number given.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The last number of which, and of all before it, it is known what became.</summary>
    public long Settled => LastNumber - _inFlight.Count;

    /// <summary>When the oldest item was made a change; null when there is none.</summary>
    public HlcTimestamp? Oldest => _items.All().Select(pair => (HlcTimestamp?)pair.Value.EnqueuedAt).FirstOrDefault();

    public OutboxItem? Get(long id) => _items.TryGet(id, out var item) ? item : null;

    public (long Count, long Bytes) PendingOf(int priority) => (_pendingCount[priority], _pendingBytes[priority]);

    public bool IsFull(RegionSettings settings) => Count >= settings.MaxOutbox || Bytes >= settings.MaxOutboxBytes;

    /// <summary>Items in a state, in the order in which they leave it; <paramref name="after"/> is an item of that state. The table must not change meanwhile.</summary>
    public IEnumerable<OutboxItem> Of(OutboxState state, OutboxItem? after = null)
    {
        var ids = state switch
        {
            OutboxState.Pending => _pending.GetViewBetween(after is null ? (0, 0) : (after.Turn.Priority, after.Id + 1), (int.MaxValue, 0)).Select(turn => turn.Id),
            OutboxState.InFlight => _inFlight.Where(pair => after is null || pair.Key > after.Change.Number).Select(pair => pair.Value),
            OutboxState.Retrying => _retrying
                .GetViewBetween(after is null ? default : (after.NextRetry!.Value, after.Id + 1), (HlcTimestamp.Never, long.MaxValue)).Select(turn => turn.Id),
            _ => _parked.GetViewBetween(after is null ? 0 : after.Id + 1, long.MaxValue),
        };
        return ids.Select(id => Get(id)!);
    }

    /// <summary>A change of this region goes to the others.</summary>
    internal void Enqueue(ChangeEvent change, in ApplyContext context)
    {
        Counters = Counters with { Enqueued = Counters.Enqueued + 1 };
        Add(new OutboxItem(++_lastId, change, OutboxState.Pending, 0, context.Time));
    }

    private void Add(OutboxItem item)
    {
        _items.Set(item.Id, item);
        Bytes += item.Change.Cost;
        Index(item);
    }

    private void Move(OutboxItem from, OutboxItem to)
    {
        Unindex(from);
        _items.Set(to.Id, to);
        Index(to);
    }

    private void Remove(OutboxItem item)
    {
        Unindex(item);
        _items.Remove(item.Id);
        Bytes -= item.Change.Cost;
    }

    private void Index(OutboxItem item)
    {
        switch (item.State)
        {
            case OutboxState.Pending:
                _pending.Add(item.Turn);
                CountPending(item, 1);
                break;
            case OutboxState.InFlight:
                _inFlight.Add(item.Change.Number, item.Id);
                break;
            case OutboxState.Retrying:
                _retrying.Add((item.NextRetry!.Value, item.Id));
                break;
            default:
                _parked.Add(item.Id);
                break;
        }
    }

    private void Unindex(OutboxItem item)
    {
        switch (item.State)
        {
            case OutboxState.Pending:
                _pending.Remove(item.Turn);
                CountPending(item, -1);
                break;
            case OutboxState.InFlight:
                _inFlight.Remove(item.Change.Number);
                break;
            case OutboxState.Retrying:
                _retrying.Remove((item.NextRetry!.Value, item.Id));
                break;
            default:
                _parked.Remove(item.Id);
                break;
        }
    }

    private void CountPending(OutboxItem item, int sign)
    {
        _pendingCount[item.Change.Priority] += sign;
        _pendingBytes[item.Change.Priority] += sign * item.Change.Cost;
    }
}
