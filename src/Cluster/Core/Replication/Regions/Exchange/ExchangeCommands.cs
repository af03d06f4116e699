using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>A command about changes on their way between regions.</summary>
public abstract record ExchangeCommand : Command;

/// <summary>About the changes of this region that the coordinator does not have yet.</summary>
public abstract record OutboxCommand : ExchangeCommand;

/// <summary>Begins a session and ends the one before, unless that is another agent's and not silent for longer than its lease.</summary>
/// <param name="Agent">Drawn at random when an agent starts.</param>
public sealed record OutboxBegin(string Agent, long LeaseMs) : OutboxCommand;

/// <summary>Tries again what waits for that, parked or not.</summary>
/// <param name="Id">One item; null: those that are parked.</param>
/// <param name="Max">At most so many.</param>
public sealed record OutboxRetry(long? Id, int Max) : OutboxCommand;

/// <summary>What only the agent of a session may do.</summary>
public abstract record OutboxAgentCommand(long Session) : OutboxCommand;

/// <summary>Says that the agent lives.</summary>
public sealed record OutboxRenew(long Session) : OutboxAgentCommand(Session);

/// <summary>Offers everything that this region has to the others again: the coordinator has lost changes that it had.</summary>
public sealed record OutboxOffer(long Session) : OutboxAgentCommand(Session);

/// <summary>Where the coordinator stands, as it answered this session: what it has is done, the rest of what is in flight is tried again.</summary>
/// <param name="DelayMs">How long the rest waits after a first try; twice as long after each further one.</param>
public sealed record OutboxResume(long Session, long Received, IReadOnlyList<RefusedChange> Refusals, long DelayMs) : OutboxAgentCommand(Session);

/// <summary>Takes the next changes for sending, and gives them numbers.</summary>
/// <param name="MaxBytes">What they may count together; one is taken in any case.</param>
public sealed record OutboxTake(long Session, int Max, long MaxBytes) : OutboxAgentCommand(Session);

/// <summary>The coordinator has everything up to a number, but for what it refused.</summary>
public sealed record OutboxAck(long Session, long UpTo, IReadOnlyList<RefusedChange> Refusals) : OutboxAgentCommand(Session);

/// <param name="DelayMs">How long the change waits after a first try; twice as long after each further one.</param>
public sealed record RefusedChange(Refusal Refusal, long DelayMs);

/// <summary>About the logs that the coordinator keeps.</summary>
public abstract record CoordinatorCommand : ExchangeCommand;

/// <summary>A region begins a session: changes of an earlier one are not taken any more.</summary>
/// <param name="Settled">As in <see cref="HelloRequest"/>.</param>
public sealed record CoordinatorHello(string Region, long Session, long Settled) : CoordinatorCommand;

/// <summary>A region hands over changes, by number, without a gap.</summary>
/// <param name="Settled">As in <see cref="PushRequest"/>.</param>
public sealed record CoordinatorRecord(string Region, long Session, long Settled, IReadOnlyList<ChangeEvent> Changes) : CoordinatorCommand;

/// <summary>A region has made durable what comes before these positions.</summary>
public sealed record CoordinatorAck(string Region, IReadOnlyList<OriginPosition> Positions) : CoordinatorCommand;

/// <summary>About the changes of others that this region takes in.</summary>
public abstract record InboxCommand : ExchangeCommand;

/// <summary>Takes in a stretch of an origin's log. What was taken in before is passed over.</summary>
/// <param name="After">The position that it follows: refused when this region is not that far.</param>
/// <param name="UpTo">The position after it.</param>
public sealed record InboxApply(string Origin, long After, long UpTo, IReadOnlyList<ChangeEvent> Changes) : InboxCommand;

/// <summary>Takes in a part of a copy: changes in no order.</summary>
public sealed record InboxMerge(IReadOnlyList<ChangeEvent> Changes) : InboxCommand;

/// <summary>The copy is complete up to these positions.</summary>
public sealed record InboxMerged(IReadOnlyList<OriginPosition> Positions) : InboxCommand;
