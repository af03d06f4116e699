using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>What an agent does, in the order of a reconnect.</summary>
public enum AgentPhase
{
    Disconnected,
    Fetching,
    Comparing,
    Applying,
    Pushing,
    Copying,
    Streaming,
}

/// <param name="Agent">Drawn at random when the agent starts.</param>
/// <param name="MaxChanges">In one message.</param>
/// <param name="MaxBytes">What they may count together; one goes in any case.</param>
/// <param name="PullWaitMs">How long the coordinator may wait for a change before it answers with none.</param>
/// <param name="FirstPauseMs">After the first failure; it doubles with each further one.</param>
public sealed record AgentSettings(
    string Agent, string Region, int MaxChanges, long MaxBytes, int PullWaitMs, long FirstPauseMs, long LongestPauseMs, long LeaseMs);

/// <summary>What an agent sees when it takes a step.</summary>
/// <param name="HasWaiting">Whether the outbox has something that may be sent now.</param>
/// <param name="Positions">How far this region is with each other; null while the cluster does not know that it is a region.</param>
/// <param name="Random">From 0 to below 1, drawn for this step.</param>
public sealed record AgentSight(long NowMs, bool HasWaiting, IReadOnlyList<OriginPosition>? Positions, double Random);

/// <summary>Something that an agent wants done; the outcome comes back to it under the same id, in any order with others.</summary>
public abstract record AgentAction(long Id)
{
    /// <summary>Carry a command out in this region's cluster.</summary>
    public sealed record Execute(long Id, Command Command) : AgentAction(Id);

    /// <summary>Send a message to the coordinator.</summary>
    public sealed record Send(long Id, RegionMessage Message) : AgentAction(Id);

    /// <summary>Count which of these stand against changes of this region.</summary>
    public sealed record Compare(long Id, IReadOnlyList<OriginChanges> Changes) : AgentAction(Id);
}

/// <summary>What an agent has under way.</summary>
internal enum AgentStep
{
    Begin,
    Hello,
    Offer,
    Resume,
    Renew,
    Take,
    Push,
    Ack,
    Pull,
    Compare,
    Apply,
    Copy,
    Merge,
    Merged,
}
