using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Core.StateMachine.Terms;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.StateMachine;

/// <summary>
/// The replicated state: a function of the log and of nothing else. Every node that applied the same entries holds the same
/// state, gives the same results and expires the same things at the same index.
/// </summary>
/// <remarks>
/// One table per primitive. Time is the time of the entry being applied. Not thread-safe; a frozen copy (<see cref="Freeze"/>)
/// may be read from any thread.
/// </remarks>
public sealed partial class ClusterState
{
    private readonly BlobExchange _blobExchange;

    public ClusterState()
    {
        Regions = new RegionTable(Outbox);
        Blobs = new BlobTable(Sync);
        Documents = new DocumentTable(Sync, Regions, Blobs);
        _blobExchange = new BlobExchange(Blobs, Documents, Regions);
    }

    public KvTable Kv { get; } = new();

    public CacheTable Cache { get; } = new();

    public LockTable Locks { get; } = new();

    public QueueTable Queues { get; } = new();

    public ElectionTable Elections { get; } = new();

    public EventTable Events { get; } = new();

    public DocumentTable Documents { get; }

    public SyncTable Sync { get; } = new();

    public BlobTable Blobs { get; }

    public RegionTable Regions { get; }

    public Outbox Outbox { get; } = new();

    public Inbox Inbox { get; } = new();

    public CoordinatorTable Coordinator { get; } = new();

    public SessionTable Sessions { get; } = new();

    public RetryTable Retries { get; } = new();

    public TermTable Terms { get; } = new();

    public NodeTable Nodes { get; } = new();

    /// <summary>The last entry applied.</summary>
    public LogIndex AppliedIndex { get; internal set; }

    public Term AppliedTerm { get; internal set; }

    /// <summary>The time of that entry: the state's "now".</summary>
    public HlcTimestamp Time { get; internal set; }

    /// <summary>A mistake to make on purpose; only a simulation sets it.</summary>
    internal Mutation Mutation { get; set; }

    /// <summary>When something expires next. When that moment comes and nobody writes, the leader proposes a clock entry.</summary>
    public HlcTimestamp? NextDue
    {
        get
        {
            HlcTimestamp? next = null;
            foreach (var due in (ReadOnlySpan<HlcTimestamp?>)[Kv.NextDue, Cache.NextDue, Locks.NextDue, Queues.NextDue, Elections.NextDue, Sessions.NextDue, Blobs.NextDue])
            {
                next = next is null || due < next ? due ?? next : next;
            }

            return next;
        }
    }

    /// <summary>Applies the next entry.</summary>
    /// <param name="events">Receives what changed.</param>
    /// <param name="request">Whose request it was; default for entries that are no requests.</param>
    /// <exception cref="InvalidOperationException">The entry does not follow the last one applied.</exception>
    public CommandResult Apply(Entry entry, ICollection<StateEvent> events, out RequestId request)
    {
        if (entry.Index != AppliedIndex.Next)
        {
            throw new InvalidOperationException($"entry {entry.Index} does not follow {AppliedIndex}");
        }

        request = default;
        Time = entry.Time;
        var context = new ApplyContext(entry.Index.Value, entry.Time, Reason: null, new Recorder(this, events));
        ExpireDue(context);
        CommandResult result = new CommandResult.Done();
        switch (entry.Kind)
        {
            case EntryKind.Command:
                result = ApplyCommand(entry, context, out request);
                break;
            case EntryKind.TermStart:
                Terms.Apply(RaftDataCodec.DecodeTermStart(entry.Data), entry.Term, context);
                break;
            case EntryKind.Membership:
                events.Add(new StateEvent.MembershipChanged(RaftDataCodec.DecodeMembership(entry.Data)));
                break;
            case EntryKind.Clock:
                break;
            default:
                throw new UnreachableException(entry.Kind.ToString());
        }

        AppliedIndex = entry.Index;
        AppliedTerm = entry.Term;
        return result;
    }

    /// <summary>The answer that is kept for a write with a number or a key, as a retry would get it; null when none is.</summary>
    public CommandResult? Remembered(CommandEnvelope envelope) =>
        (envelope.Session is { } number ? Sessions.Reply(number)?.Result : null)
        ?? (envelope.IdempotencyKey is { } key ? Retries.Refuse(key, RetryTable.Fingerprint(CommandCodec.Body(envelope.Command))) : null);

    /// <summary>A copy that does not change, taken in no time.</summary>
    public FrozenState Freeze() => new(this);

    private CommandResult ApplyCommand(Entry entry, in ApplyContext context, out RequestId request)
    {
        CommandEnvelope envelope;
        ReadOnlyMemory<byte> body;
        try
        {
            envelope = CommandCodec.Decode(entry.Data, out body);
        }
        catch (FormatException error)
        {
            // Committed is committed: every node answers the same and goes on.
            request = default;
            return new CommandResult.Malformed(error.Message);
        }

        request = envelope.Request;
        if ((envelope.Session is null && envelope.IdempotencyKey is null) || Mutation == Mutation.RetryAppliedTwice)
        {
            return DispatchFenced(envelope, context with { Reason = envelope.Reason });
        }

        return ApplyOnce(envelope, body, context with { Reason = envelope.Reason });
    }

    private CommandResult ApplyOnce(CommandEnvelope envelope, ReadOnlyMemory<byte> body, in ApplyContext context)
    {
        if (envelope.Session is { } number && Sessions.Refuse(number) is { } answered)
        {
            return answered;
        }

        var fingerprint = envelope.IdempotencyKey is null ? default : RetryTable.Fingerprint(body);
        if (envelope.IdempotencyKey is { } key && Retries.Refuse(key, fingerprint) is { } repeated)
        {
            return repeated;
        }

        var result = DispatchFenced(envelope, context);
        if (envelope.Session is { } applied)
        {
            Sessions.Remember(applied, result, context);
        }

        if (envelope.IdempotencyKey is { } remembered)
        {
            Retries.Remember(remembered, fingerprint, result, context);
        }

        return result;
    }

    /// <summary>A fence is checked in the step that writes: nothing comes between.</summary>
    private CommandResult DispatchFenced(CommandEnvelope envelope, in ApplyContext context) =>
        envelope.Fence is { } fence && Locks.Check(fence, context) is { } stale ? stale : Dispatch(envelope.Command, context);

    private CommandResult Dispatch(Command command, in ApplyContext context) => command switch
    {
        KvPut put => Kv.Apply(put, context),
        KvDelete delete => Kv.Apply(delete, context),
        KvRead read => new CommandResult.KvFound(Kv.Get(read.Key)),
        CacheCommand cache => Cache.Apply(cache, context),
        Batch batch => ApplyBatch(batch, context),
        Transaction transaction => ApplyTransaction(transaction, context),
        LockAcquire { Session: { } session } when Sessions.Get(session) is null => new CommandResult.SessionUnknown(session),
        LockAcquireAll { Session: { } session } when Sessions.Get(session) is null => new CommandResult.SessionUnknown(session),
        LockAcquire acquire => Locks.Apply(acquire, context),
        LockAcquireAll acquire => Locks.Apply(acquire, context),
        LockRenew renew => Locks.Apply(renew, context),
        LockRelease release => Locks.Apply(release, context),
        LockForceRelease force => Locks.Apply(force, context),
        LockCancelWait cancel => Locks.Apply(cancel, context),
        QueueAck ack when Mutation == Mutation.AckedMessageRedelivered => Queues.Apply(new QueueNack(ack.Name, ack.Receipts, DelayMs: 0), context),
        QueueCommand queue => Queues.Apply(queue, context),
        ElectionCampaign { Session: { } session } when Sessions.Get(session) is null => new CommandResult.SessionUnknown(session),
        ElectionCampaign campaign when Mutation == Mutation.CandidateJoinsLeader => Join(campaign, context),
        ElectionCampaign campaign => Elections.Apply(campaign, context),
        ElectionRenew renew => Elections.Apply(renew, context),
        ElectionProclaim proclaim => Elections.Apply(proclaim, context),
        ElectionResign resign => Elections.Apply(resign, context),
        EventPublish publish when Mutation == Mutation.DroppedEventNumbered => PublishNumbered(publish, context),
        EventPublish publish => Events.Apply(publish, context),
        EventRoute route => Events.Apply(route, context),
        DocumentCommand document => Documents.Apply(document, context),
        SyncCommand sync => Sync.Apply(sync, Documents.Set, Blobs, context),
        BlobCommand blob => _blobExchange.Apply(blob, context),
        ExchangeCommand exchange => Exchange(exchange, context),
        RegionConfigure configure => Configure(configure.Settings, context),
        ConflictResolve resolve => Documents.Resolve(resolve, context),
        ConflictUndo undo => Documents.Undo(undo, context),
        BrakeRelease release => Documents.Release(release, context),
        BrakeRefuse refuse => Documents.Refuse(refuse, context),
        SessionOpen open => Sessions.Apply(open, context),
        SessionKeepAlive keepAlive => Sessions.Apply(keepAlive, context),
        SessionClose close => CloseSession(close, context),
        NodeRegister register => Nodes.Apply(register, context),
        NodeRetire retire => Nodes.Apply(retire, context),
        StateMark => Mark(context),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private CommandResult Exchange(ExchangeCommand command, in ApplyContext context)
    {
        context.Events.Add(new StateEvent.ChangesMoved());
        return command switch
        {
            OutboxOffer offer => Offer(offer, context),
            OutboxCommand outbox => Outbox.Apply(outbox, context),
            CoordinatorCommand coordinator => Coordinator.Apply(coordinator, Regions.Settings, context),
            InboxCommand inbox => Inbox.Apply(inbox, Regions.Settings, Documents, context),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    private ExchangeResult Offer(OutboxOffer offer, in ApplyContext context)
    {
        var result = Outbox.Apply(offer, context);
        if (result is ExchangeResult.OutboxStanding)
        {
            Documents.OfferAgain(context);
        }

        return result;
    }

    private RegionResult Configure(RegionSettings settings, in ApplyContext context)
    {
        if (Regions.Settings is { } known && known.Self != settings.Self)
        {
            return new RegionResult.OtherRegion(known.Self);
        }

        var isFirst = Regions.Settings is null;
        Regions.Configure(settings);
        if (isFirst)
        {
            Documents.Adopt(settings.Self, context);
        }

        context.Events.Add(new StateEvent.RegionsChanged());
        return new RegionResult.Configured();
    }

    private static CommandResult.StateMarked Mark(in ApplyContext context)
    {
        context.Events.Add(new StateEvent.Marked(context.Index));
        return new CommandResult.StateMarked(context.Index);
    }

    private CommandResult CloseSession(SessionClose close, in ApplyContext context)
    {
        var result = Sessions.Apply(close, context);
        if (result is CommandResult.SessionClosed)
        {
            Locks.EndSession(close.Session, context);
            Elections.EndSession(close.Session, context);
        }

        return result;
    }

    private void ExpireDue(in ApplyContext context)
    {
        if (Sessions.NextDue <= context.Time)
        {
            var ended = new List<StateEvent>();
            Sessions.ExpireDue(context with { Events = ended });
            foreach (var end in ended)
            {
                Locks.EndSession(((StateEvent.SessionEnded)end).Session, context);
                Elections.EndSession(((StateEvent.SessionEnded)end).Session, context);
                context.Events.Add(end);
            }
        }

        Locks.ExpireDue(Mutation == Mutation.LockRegrantedEarly ? context with { Time = context.Time.AddMs(200) } : context);
        Queues.ExpireDue(context);
        Elections.ExpireDue(context);
        Kv.ExpireDue(context);
        Cache.ExpireDue(context);
        Retries.ExpireDue(context);
        Blobs.ExpireDue(context);
        Documents.ForgetDeletions(context);
    }

    /// <summary>Passes events on, and lets the remembered answer of a waiting request become its final one.</summary>
    private sealed class Recorder(ClusterState state, ICollection<StateEvent> events) : ICollection<StateEvent>
    {
        public int Count => events.Count;

        public bool IsReadOnly => false;

        public void Add(StateEvent item)
        {
            if (item is IWaitEnded ended)
            {
                state.Sessions.Revise(ended.Ticket, ended.Result);
                state.Retries.Revise(ended.Ticket, ended.Result);
            }

            events.Add(item);
        }

        public void Clear() => events.Clear();

        public bool Contains(StateEvent item) => events.Contains(item);

        public void CopyTo(StateEvent[] array, int arrayIndex) => events.CopyTo(array, arrayIndex);

        public bool Remove(StateEvent item) => events.Remove(item);

        public IEnumerator<StateEvent> GetEnumerator() => events.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => events.GetEnumerator();
    }
}
