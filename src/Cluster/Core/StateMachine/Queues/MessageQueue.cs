using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>A queue as the state machine holds it, and as anybody may read it while nothing is applied.</summary>
/// <remarks>
/// <para>One tree per state, so that what concerns all messages of a state costs the same however many there are.</para>
/// <code>
///   enqueue ──▶ delayed ──(due)──▶ ready ──(delivery)──▶ in flight ──(ack)──▶ gone
///          └──────────────────────▶  ▲                        │
///                                    ├──(nack, timeout)───────┤
///                                    └──(redrive)── dead ◀────┘ delivered too often
/// </code>
/// Invariants: 1. a message is in one tree; 2. the counters add up (<see cref="QueueCounters"/>); 3. when somebody waits, nothing is ready;
/// 4. what is in flight is numbered by its newest delivery, and only that receipt settles it; 5. no delay, delivery or wait outlives its time, beyond
/// <see cref="QueueTable.MaxDuePerEntry"/>; 6. what is counted, by state, priority, consumer and bytes, is what is there.
/// </remarks>
public sealed partial class MessageQueue
{
    /// <summary>Messages that one operator's command moves. More take more commands, so that other commands come between.</summary>
    public const int MaxMoved = 100_000;

    /// <summary>Bytes of one delivery, of which the first message may be larger.</summary>
    public const long MaxDeliveredBytes = 4 * 1024 * 1024;

    /// <summary>Consumers that may wait at once.</summary>
    public const int MaxWaiters = 10_000;

    /// <summary>Consumers remembered, when they have nothing in flight.</summary>
    public const int MaxConsumers = 1000;

    /// <summary>Deduplication ids remembered; beyond it those that end first are forgotten.</summary>
    public const int MaxDedupIds = 1_000_000;

    private const long KeptConsumerMs = 10 * 60 * 1000;

    private readonly Sequence _sequence;
    private readonly long[] _readyByPriority = new long[QueueMessage.MaxPriority + 1];
    private readonly CowTree<long, QueueWait> _waits = new(Comparer<long>.Default);
    private readonly CowTree<string, DedupEntry> _dedup = new(StringComparer.Ordinal);
    private readonly CowTree<string, QueueConsumer> _consumers = new(StringComparer.Ordinal);

    private CowTree<(int Rank, long Position), QueueMessage> _ready = NewReady();
    private CowTree<long, QueueMessage> _delayed = NewById();
    private CowTree<long, QueueMessage> _inFlight = NewById();
    private CowTree<long, QueueMessage> _dead = NewById();

    // Derived from the above, rebuilt when a snapshot is read.
    private readonly ExpiryIndex<long> _waitDue = new(Comparer<long>.Default);
    private readonly ExpiryIndex<string> _dedupDue = new(StringComparer.Ordinal);
    private readonly ExpiryIndex<string> _idle = new(StringComparer.Ordinal);
    private ExpiryIndex<long> _delayDue = new(Comparer<long>.Default);
    private ExpiryIndex<long> _visibilityDue = new(Comparer<long>.Default);
    private long _readyBytes;
    private long _delayedBytes;
    private QueueCounters _counters;

    internal MessageQueue(string name, HlcTimestamp createdAt, QueueSettings settings, QueueCounters counters, Sequence sequence)
    {
        (Name, CreatedAt, Settings, _counters, _sequence) = (name, createdAt, settings, counters, sequence);
    }

    public string Name { get; }

    public HlcTimestamp CreatedAt { get; }

    public QueueSettings Settings { get; internal set; }

    public QueueCounters Counters => _counters;

    public long Ready => _ready.Count;

    public long Delayed => _delayed.Count;

    public long InFlight => _inFlight.Count;

    public long Dead => _dead.Count;

    /// <summary>Consumers that wait for a message.</summary>
    public long Waiting => _waits.Count;

    /// <summary>Messages that <see cref="QueueSettings.MaxLength"/> counts.</summary>
    public long Length => Ready + Delayed;

    /// <summary>Bytes that <see cref="QueueSettings.MaxBytes"/> counts.</summary>
    public long Bytes => _readyBytes + _delayedBytes;

    /// <summary>Ready messages by priority, from 0 to 9.</summary>
    public IReadOnlyList<long> ReadyByPriority => _readyByPriority;

    /// <summary>When the oldest of the messages came in that are next in their priorities; null when none is ready.</summary>
    public HlcTimestamp? OldestEnqueuedAt
    {
        get
        {
            HlcTimestamp? oldest = null;
            for (var rank = 0; rank < _readyByPriority.Length; rank++)
            {
                if (_readyByPriority[QueueMessage.MaxPriority - rank] > 0)
                {
                    var next = _ready.From((rank, long.MinValue)).First().Value.EnqueuedAt;
                    oldest = oldest is null || next < oldest ? next : oldest;
                }
            }

            return oldest;
        }
    }

    /// <summary>When something in the queue changes by itself.</summary>
    internal HlcTimestamp? NextDue
    {
        get
        {
            HlcTimestamp? next = null;
            foreach (var due in (ReadOnlySpan<HlcTimestamp?>)[_delayDue.NextDue, _visibilityDue.NextDue, _waitDue.NextDue])
            {
                next = next is null || due < next ? due ?? next : next;
            }

            return next;
        }
    }

    /// <summary>Under which time the table knows this queue; kept by the table.</summary>
    internal HlcTimestamp? Scheduled { get; set; }

    /// <summary>Messages of a state in order of delivery, or of their ids. The queue must not change meanwhile.</summary>
    /// <param name="after">The last one seen; null: from the first.</param>
    public IEnumerable<QueueMessage> Browse(MessageState state, BrowsePosition? after = null)
    {
        if (state == MessageState.Ready)
        {
            return (after is { } place ? _ready.From((place.Rank, place.Number + 1)) : _ready.All()).Select(pair => pair.Value);
        }

        return (after is { } last ? ById(state).From(last.Number + 1) : ById(state).All()).Select(pair => pair.Value);
    }

    /// <summary>By name. The queue must not change meanwhile.</summary>
    public IEnumerable<QueueConsumer> Consumers() => _consumers.All().Select(pair => pair.Value);

    /// <summary>Those that wait, in the order in which they will be served. The queue must not change meanwhile.</summary>
    public IEnumerable<QueueWait> Waits() => _waits.All().Select(pair => pair.Value);

    /// <summary>Whether the request with this ticket still waits.</summary>
    public bool IsWaiting(long ticket) => _waits.TryGet(ticket, out _);

    public long CountOf(MessageState state) => state switch
    {
        MessageState.Ready => Ready,
        MessageState.Delayed => Delayed,
        MessageState.InFlight => InFlight,
        MessageState.Dead => Dead,
        _ => throw new UnreachableException(state.ToString()),
    };

    private CowTree<long, QueueMessage> ById(MessageState state) => state switch
    {
        MessageState.Delayed => _delayed,
        MessageState.InFlight => _inFlight,
        MessageState.Dead => _dead,
        _ => throw new UnreachableException(state.ToString()),
    };

    private static CowTree<(int Rank, long Position), QueueMessage> NewReady() => new(Comparer<(int, long)>.Default);

    private static CowTree<long, QueueMessage> NewById() => new(Comparer<long>.Default);

    /// <summary>Numbers messages, deliveries and places, over all queues, so that none ever comes again.</summary>
    internal sealed class Sequence
    {
        public long Last { get; set; }

        public long Next() => ++Last;
    }
}

/// <summary>Where a page of messages ended.</summary>
/// <param name="Rank">9 minus the priority among ready messages; else 0.</param>
/// <param name="Number">The position among ready messages; else the id.</param>
public readonly record struct BrowsePosition(int Rank, long Number)
{
    public static BrowsePosition Of(QueueMessage message, MessageState state) =>
        state == MessageState.Ready ? new(message.Place.Rank, message.Place.Position) : new(0, message.Id);
}
