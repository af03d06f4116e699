using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>What became of a command about changes on their way. A closed hierarchy; <see cref="ExchangeResultCodec"/> knows every case.</summary>
public abstract record ExchangeResult : CommandResult
{
    /// <param name="LastNumber">The last number given.</param>
    /// <param name="Settled">The last number of which, and of all before it, it is known what became.</param>
    public sealed record OutboxStanding(long Session, long LastNumber, long Settled) : ExchangeResult;

    public sealed record OutboxTaken(IReadOnlyList<ChangeEvent> Changes, long Settled) : ExchangeResult;

    /// <param name="Count">Changes that are tried again.</param>
    public sealed record OutboxReturned(int Count) : ExchangeResult;

    /// <summary>Another agent has the outbox.</summary>
    public sealed record AgentElsewhere(OutboxSession Session) : ExchangeResult;

    /// <summary>A later session has begun.</summary>
    public sealed record SessionEnded(OutboxSession Session) : ExchangeResult;

    /// <param name="Received">The last number that was seen of the region.</param>
    /// <param name="Refusals">Of the numbers that the region has not settled those that were not taken.</param>
    public sealed record CoordinatorStanding(long Received, IReadOnlyList<Refusal> Refusals) : ExchangeResult;

    /// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
    public sealed record CoordinatorRefused(string Code, string Detail) : ExchangeResult;

    public sealed record CoordinatorAcknowledged : ExchangeResult;

    /// <param name="Position">The last change of the origin that was taken in; 0 for a part of a copy.</param>
    public sealed record InboxApplied(long Position) : ExchangeResult;

    /// <summary>Changes are missing between what was taken in and what came.</summary>
    public sealed record InboxGap(long Position) : ExchangeResult;

    /// <summary>This cluster is no region, or does not know that one.</summary>
    public sealed record RegionUnknown(string Region) : ExchangeResult;
}
