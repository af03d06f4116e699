using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>A queue frozen, and restored from what was frozen.</summary>
public sealed partial class MessageQueue
{
    internal FrozenQueue Freeze() => new(
        Name, CreatedAt, Settings, _counters, _ready.Freeze(), _delayed.Freeze(), _inFlight.Freeze(), _dead.Freeze(),
        _waits.Freeze(), _dedup.Freeze(), _consumers.Freeze());

    internal void Restore(MessageState state, QueueMessage message) => Put(state, message);

    internal void Restore(QueueWait wait)
    {
        _waits.Set(wait.Ticket, wait);
        _waitDue.Add(wait.Until, wait.Ticket);
    }

    internal void Restore(DedupEntry entry) => Remember(entry);

    internal void Restore(QueueConsumer consumer) => Store(consumer, null);
}

/// <summary>A queue as it was after one entry.</summary>
internal sealed record FrozenQueue(
    string Name,
    HlcTimestamp CreatedAt,
    QueueSettings Settings,
    QueueCounters Counters,
    CowTree<(int Rank, long Position), QueueMessage>.Frozen Ready,
    CowTree<long, QueueMessage>.Frozen Delayed,
    CowTree<long, QueueMessage>.Frozen InFlight,
    CowTree<long, QueueMessage>.Frozen Dead,
    CowTree<long, QueueWait>.Frozen Waits,
    CowTree<string, DedupEntry>.Frozen Dedup,
    CowTree<string, QueueConsumer>.Frozen Consumers);
