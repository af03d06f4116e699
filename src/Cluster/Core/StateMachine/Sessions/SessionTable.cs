using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Sessions;

/// <param name="TtlMs">Without a keepalive for this long the session expires.</param>
public sealed record SessionOpen(long TtlMs, string? Name) : Command;

public sealed record SessionKeepAlive(long Session) : Command;

public sealed record SessionClose(long Session) : Command;

/// <summary>A client that wants its writes exactly once and its locks released when it goes.</summary>
/// <param name="Id">Log index of the entry that opened it.</param>
/// <param name="MaxSequence">The highest sequence number answered.</param>
public sealed record Session(long Id, string? Name, long TtlMs, HlcTimestamp CreatedAt, HlcTimestamp ExpiresAt, long MaxSequence);

/// <summary>The first answer to a numbered write.</summary>
public sealed record SessionReply(long Index, CommandResult Result);

/// <summary>
/// Sessions and the answers they were given (dissertation §6.3). A write that comes again is not applied again: it gets the first
/// answer. An unknown session is an error and never a new session.
/// </summary>
/// <remarks>
/// Invariants: 1. no session outlives its time; 2. the answer to its highest number is kept; 3. no lock, wait or candidacy is left of a session that
/// is over.
/// </remarks>
public sealed class SessionTable
{
    /// <summary>Answers kept per session, counted back from the highest sequence number.</summary>
    public const int KeptReplies = 1024;

    private readonly CowTree<long, Session> _sessions = new(Comparer<long>.Default);
    private readonly CowTree<(long Session, long Sequence), SessionReply> _replies = new(Comparer<(long, long)>.Default);
    private readonly ExpiryIndex<long> _expiry = new(Comparer<long>.Default);

    // Replies that say "waiting", by ticket: several, when the same request was numbered anew. Looked up, never enumerated.
    private readonly Dictionary<long, List<(long Session, long Sequence)>> _waiting = [];

    public int Count => _sessions.Count;

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public Session? Get(long id) => _sessions.TryGet(id, out var session) ? session : null;

    public IEnumerable<Session> All() => _sessions.All().Select(pair => pair.Value);

    /// <summary>Sessions in the order in which they were opened, from the one after <paramref name="id"/> on. The table must not change meanwhile.</summary>
    public IEnumerable<Session> After(long id) => _sessions.From(id).Where(pair => pair.Key != id).Select(pair => pair.Value);

    public SessionReply? Reply(SessionSequence number) =>
        _replies.TryGet((number.Session, number.Sequence), out var reply) ? reply : null;

    internal (CowTree<long, Session>.Frozen Sessions, CowTree<(long Session, long Sequence), SessionReply>.Frozen Replies) Freeze() =>
        (_sessions.Freeze(), _replies.Freeze());

    internal CommandResult Apply(SessionOpen open, in ApplyContext context)
    {
        var session = new Session(context.Index, open.Name, open.TtlMs, context.Time, context.Time.AddMs(open.TtlMs), MaxSequence: 0);
        Store(session, null);
        return new CommandResult.SessionOpened(session);
    }

    internal CommandResult Apply(SessionKeepAlive keepAlive, in ApplyContext context)
    {
        if (Get(keepAlive.Session) is not { } session)
        {
            return new CommandResult.SessionUnknown(keepAlive.Session);
        }

        var renewed = session with { ExpiresAt = context.Time.AddMs(session.TtlMs) };
        Store(renewed, session);
        return new CommandResult.SessionRenewed(renewed.ExpiresAt);
    }

    internal CommandResult Apply(SessionClose close, in ApplyContext context)
    {
        if (Get(close.Session) is not { } session)
        {
            return new CommandResult.SessionUnknown(close.Session);
        }

        _expiry.Remove(session.ExpiresAt, session.Id);
        End(session, expired: false, context);
        return new CommandResult.SessionClosed();
    }

    /// <summary>Whether a numbered write must not be applied, and what it is answered instead.</summary>
    internal CommandResult? Refuse(SessionSequence number)
    {
        if (Get(number.Session) is not { } session)
        {
            return new CommandResult.SessionUnknown(number.Session);
        }

        if (Reply(number) is { } reply)
        {
            return reply.Result;
        }

        var oldest = session.MaxSequence - KeptReplies + 1;
        return number.Sequence < oldest ? new CommandResult.SequenceTooOld(oldest) : null;
    }

    internal void Remember(SessionSequence number, CommandResult result, in ApplyContext context)
    {
        if (Get(number.Session) is not { } session)
        {
            return;
        }

        StoreReply((number.Session, number.Sequence), new SessionReply(context.Index, result));
        if (number.Sequence <= session.MaxSequence)
        {
            return;
        }

        var oldest = number.Sequence - KeptReplies + 1;
        foreach (var stale in RepliesOf(number.Session).TakeWhile(sequence => sequence < oldest).ToList())
        {
            DropReply((number.Session, stale));
        }

        _sessions.Set(session.Id, session with { MaxSequence = number.Sequence });
    }

    /// <summary>Writes were answered "waiting" with this ticket; this is what the waiting came to.</summary>
    internal void Revise(long ticket, CommandResult result)
    {
        if (_waiting.Remove(ticket, out var numbers))
        {
            foreach (var number in numbers)
            {
                if (_replies.TryGet(number, out var reply) && reply.Result is IQueuedResult queued && queued.Ticket == ticket)
                {
                    _replies.Set(number, reply with { Result = result });
                }
            }
        }
    }

    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var id))
        {
            End(Get(id)!, expired: true, context);
        }
    }

    internal void RestoreSession(ref ByteReader reader) => Store(ReadSession(ref reader), null);

    internal void RestoreReply(ref ByteReader reader) =>
        StoreReply((reader.VarInt(), reader.VarInt()), new SessionReply(reader.VarInt(), ResultCodec.Read(ref reader)));

    internal static void WriteReply(ByteWriter writer, (long Session, long Sequence) number, SessionReply reply)
    {
        writer.VarInt(number.Session);
        writer.VarInt(number.Sequence);
        writer.VarInt(reply.Index);
        ResultCodec.Write(writer, reply.Result);
    }

    internal static void WriteSession(ByteWriter writer, Session session)
    {
        writer.VarInt(session.Id);
        writer.OptionalString(session.Name);
        writer.VarInt(session.TtlMs);
        writer.VarInt(session.CreatedAt.Value);
        writer.VarInt(session.ExpiresAt.Value);
        writer.VarInt(session.MaxSequence);
    }

    internal static Session ReadSession(ref ByteReader reader) => new(
        reader.VarInt(),
        reader.OptionalString(),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        new HlcTimestamp(reader.VarInt()),
        reader.VarInt());

    private IEnumerable<long> RepliesOf(long session) =>
        _replies.From((session, long.MinValue)).TakeWhile(pair => pair.Key.Session == session).Select(pair => pair.Key.Sequence);

    private void StoreReply((long Session, long Sequence) number, SessionReply reply)
    {
        _replies.Set(number, reply);
        if (reply.Result is IQueuedResult { Ticket: var ticket })
        {
            if (!_waiting.TryGetValue(ticket, out var numbers))
            {
                _waiting[ticket] = numbers = [];
            }

            numbers.Add(number);
        }
    }

    private void DropReply((long Session, long Sequence) number)
    {
        if (_replies.TryGet(number, out var reply))
        {
            _replies.Remove(number);
            if (reply.Result is IQueuedResult { Ticket: var ticket } && _waiting.TryGetValue(ticket, out var numbers)
                && numbers.Remove(number) && numbers.Count == 0)
            {
                _waiting.Remove(ticket);
            }
        }
    }

    private void Store(Session session, Session? previous)
    {
        _expiry.Remove(previous?.ExpiresAt, session.Id);
        _expiry.Add(session.ExpiresAt, session.Id);
        _sessions.Set(session.Id, session);
    }

    private void End(Session session, bool expired, in ApplyContext context)
    {
        foreach (var sequence in RepliesOf(session.Id).ToList())
        {
            DropReply((session.Id, sequence));
        }

        _sessions.Remove(session.Id);
        context.Events.Add(new StateEvent.SessionEnded(session.Id, session.Name, expired));
    }
}
