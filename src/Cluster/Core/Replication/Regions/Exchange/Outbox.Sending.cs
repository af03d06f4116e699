using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>
/// What the region's agent does with its outbox. Each of its commands names the session that <see cref="OutboxBegin"/> opened; a later
/// session ends it, so that a command that was long under way cannot acknowledge what it does not know.
/// </summary>
public sealed partial class Outbox
{
    private const int MaxError = 512;
    private const int MostDoublings = 8;

    /// <summary>Whose session it is, and until when nobody else may begin one.</summary>
    public OutboxSession Session { get; private set; } = OutboxSession.None;

    internal ExchangeResult Apply(OutboxCommand command, in ApplyContext context)
    {
        switch (command)
        {
            case OutboxBegin begin:
                return Begin(begin, context);
            case OutboxRetry retry:
                return Retry(retry);
            case OutboxAgentCommand agent when agent.Session != Session.Number:
                return new ExchangeResult.SessionEnded(Session);
        }

        Session = Session with { Until = context.Time.AddMs(Session.LeaseMs) };
        return command switch
        {
            OutboxRenew or OutboxOffer => Standing(),
            OutboxResume resume => Resume(resume, context),
            OutboxTake take => Take(take, context),
            OutboxAck ack => Ack(ack, context),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    private ExchangeResult Begin(OutboxBegin begin, in ApplyContext context)
    {
        if (Session.Agent != begin.Agent && Session.Until > context.Time)
        {
            return new ExchangeResult.AgentElsewhere(Session);
        }

        // Also after a cluster was restored from an old copy its sessions are later than those that it had.
        var number = Math.Max(Session.Number + 1, context.Time.UnixMs);
        Session = new OutboxSession(number, begin.Agent, begin.LeaseMs, context.Time.AddMs(begin.LeaseMs));
        return Standing();
    }

    /// <summary>The coordinator has told this session where it stands: what it has is done, what it has not is sent again.</summary>
    private ExchangeResult.OutboxStanding Resume(OutboxResume resume, in ApplyContext context)
    {
        // Numbers that this outbox has not given are of a time that it does not remember: what is in flight under them now is something else.
        var settled = Settled;
        Settle(resume.Received > LastNumber ? settled : resume.Received, resume.Refusals, context);
        foreach (var item in Of(OutboxState.InFlight).ToList())
        {
            // Nobody refused it: a bad line alone parks nothing.
            Repeat(item, "The link broke before the coordinator answered.", resume.DelayMs, int.MaxValue, context);
        }

        LastNumber = Math.Max(settled, resume.Received);
        return Standing();
    }

    private ExchangeResult.OutboxTaken Take(OutboxTake take, in ApplyContext context)
    {
        ReturnDue(context.Time);
        var taken = new List<ChangeEvent>();
        var bytes = 0L;
        while (_pending.Count > 0 && taken.Count < take.Max)
        {
            var item = Get(_pending.Min.Id)!;
            bytes += item.Change.Cost;
            if (taken.Count > 0 && bytes > take.MaxBytes)
            {
                break;
            }

            var change = item.Change with { Number = ++LastNumber, SentMs = context.Time.UnixMs };
            Move(item, item with { Change = change, State = OutboxState.InFlight });
            taken.Add(change);
        }

        return new ExchangeResult.OutboxTaken(taken, Settled);
    }

    private ExchangeResult.OutboxStanding Ack(OutboxAck ack, in ApplyContext context)
    {
        Settle(ack.UpTo, ack.Refusals, context);
        return Standing();
    }

    private ExchangeResult.OutboxReturned Retry(OutboxRetry retry)
    {
        var items = retry.Id is not { } id ? Of(OutboxState.Parked).Take(retry.Max).ToList()
            : Get(id) is { State: OutboxState.Parked or OutboxState.Retrying } one ? [one]
            : [];
        items.ForEach(item => Move(item, item with { State = OutboxState.Pending, Attempts = 0, NextRetry = null }));
        return new ExchangeResult.OutboxReturned(items.Count);
    }

    private void Settle(long upTo, IReadOnlyList<RefusedChange> refusals, in ApplyContext context)
    {
        foreach (var refused in refusals)
        {
            if (refused.Refusal.Number <= upTo && _inFlight.TryGetValue(refused.Refusal.Number, out var id))
            {
                Counters = Counters with { Refused = Counters.Refused + 1 };
                Repeat(Get(id)!, $"{refused.Refusal.Code}: {refused.Refusal.Detail}", refused.DelayMs, MaxAttempts, context);
            }
        }

        var acknowledged = _inFlight.TakeWhile(pair => pair.Key <= upTo).ToList();
        acknowledged.ForEach(pair => Remove(Get(pair.Value)!));
        Counters = Counters with { Acknowledged = Counters.Acknowledged + acknowledged.Count };
    }

    /// <summary>Its number is used up; when it goes again it gets a new one.</summary>
    private void Repeat(OutboxItem item, string error, long delayMs, int maxAttempts, in ApplyContext context)
    {
        var attempts = item.Attempts + 1;
        var next = item with
        {
            Change = item.Change with { Number = 0, SentMs = 0 },
            Attempts = attempts,
            Error = error.Length > MaxError ? error[..MaxError] : error,
        };
        Move(item, attempts >= maxAttempts
            ? next with { State = OutboxState.Parked }
            : next with { State = OutboxState.Retrying, NextRetry = context.Time.AddMs(delayMs << Math.Min(item.Attempts, MostDoublings)) });
    }

    private void ReturnDue(HlcTimestamp now)
    {
        while (_retrying.Count > 0 && _retrying.Min is var first && first.Due <= now)
        {
            var item = Get(first.Id)!;
            Move(item, item with { State = OutboxState.Pending, NextRetry = null });
        }
    }

    private ExchangeResult.OutboxStanding Standing() => new(Session.Number, LastNumber, Settled);
}

/// <summary>The agent that may take from an outbox.</summary>
/// <param name="Number">Grows with each session, and with time.</param>
/// <param name="Until">Before that no other agent may begin a session, while this one is silent.</param>
public sealed record OutboxSession(long Number, string Agent, long LeaseMs, HlcTimestamp Until)
{
    public static readonly OutboxSession None = new(0, "", 0, HlcTimestamp.Zero);
}
