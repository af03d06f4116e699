using Quorate.Core.Replication;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Terms;

namespace Quorate.Core.StateMachine;

/// <summary>What an entry changed, for everybody who watches. Events carry names; the state has the values.</summary>
public abstract record StateEvent
{
    /// <param name="Revision">Log index of the change.</param>
    /// <param name="Item">What the key holds now; null when it was deleted or expired.</param>
    public sealed record KvChanged(string Key, long Revision, KvChange Change, KvItem? Item, string? Reason) : StateEvent;

    /// <summary>A key of the cache was written, deleted, expired or gave way: what is kept of it elsewhere is void.</summary>
    public sealed record CacheChanged(string Key) : StateEvent;

    public sealed record ElectionChanged(string Name) : StateEvent;

    /// <param name="Next">Who leads now; null when nobody waited.</param>
    public sealed record ElectionTermEnded(string Name, PastTerm Term, string? Next) : StateEvent;

    public sealed record EventPublished(BusEvent Event) : StateEvent;

    public sealed record LockChanged(string Name) : StateEvent;

    /// <summary>A waiting request got its answer.</summary>
    public sealed record LockWaitEnded(long Ticket, CommandResult Result) : StateEvent, IWaitEnded;

    public sealed record LockForced(string Name, int Holders, string? Reason) : StateEvent;

    public sealed record DeadlockFound(Deadlock Deadlock) : StateEvent;

    public sealed record QueueChanged(string Name) : StateEvent;

    /// <summary>A waiting consumer got its answer.</summary>
    public sealed record QueueWaitEnded(long Ticket, CommandResult Result) : StateEvent, IWaitEnded;

    /// <summary>A message became dead, the only one so far: the queue had no dead letters before.</summary>
    public sealed record QueueDeadLetters(string Name, long Message, int Deliveries) : StateEvent;

    public sealed record QueuePurged(string Name, MessageState State, long Count, string? Reason) : StateEvent;

    /// <summary>A collection or document changed; the entry says how.</summary>
    public sealed record DocumentChanged(SyncEntry Entry) : StateEvent;

    /// <summary>A follower was registered, got further, or was removed.</summary>
    public sealed record FollowerMoved(string Id) : StateEvent;

    /// <summary>A blob was committed or deleted.</summary>
    public sealed record BlobChanged(string Id) : StateEvent;

    /// <summary>An upload began, got further or ended.</summary>
    public sealed record BlobUploadMoved(string Id) : StateEvent;

    /// <summary>A blob of another region began to arrive, got further, or arrives no more.</summary>
    public sealed record BlobArrivalMoved(string Id) : StateEvent;

    /// <summary>A conflict was found, settled, or fell out of the ledger.</summary>
    public sealed record ConflictChanged(string Id) : StateEvent;

    /// <summary>A brake was pulled, holds one deletion more, or was let go.</summary>
    public sealed record BrakeChanged(string Collection) : StateEvent;

    /// <summary>Changes on their way between regions got further.</summary>
    public sealed record ChangesMoved : StateEvent;

    /// <summary>The cluster was told which regions there are.</summary>
    public sealed record RegionsChanged : StateEvent;

    public sealed record SessionEnded(long Session, string? Name, bool Expired) : StateEvent;

    public sealed record TermBegan(TermRecord Record) : StateEvent;

    /// <summary>A node was registered or retired.</summary>
    public sealed record NodesChanged : StateEvent;

    /// <summary>The state is to be hashed as it is after this entry.</summary>
    public sealed record Marked(long Index) : StateEvent;

    public sealed record MembershipChanged(Raft.Membership Membership) : StateEvent;
}

/// <summary>A request that waited has its final answer.</summary>
public interface IWaitEnded
{
    /// <summary>Log index of the request.</summary>
    long Ticket { get; }

    CommandResult Result { get; }
}
