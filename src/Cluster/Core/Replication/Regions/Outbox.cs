using Quorate.Core.Collections;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions;

/// <summary>The changes of this region that the coordinator does not have yet.</summary>
public sealed class Outbox
{
    private readonly CowTree<long, ChangeEvent> _pending = new(Comparer<long>.Default);
    private long _last;
    private long _bytes;

    public bool IsFull(RegionSettings settings) => _pending.Count >= settings.MaxOutbox || _bytes >= settings.MaxOutboxBytes;

    internal void Enqueue(ChangeEvent change, in ApplyContext context)
    {
        _pending.Set(++_last, change);
        _bytes += change.Cost;
    }
}
