namespace Quorate.Core.StateMachine;

public abstract partial record CommandResult
{
    /// <param name="Sequence">The event's number; null when a rule dropped it.</param>
    /// <param name="Forwarded">Copies that rules made.</param>
    public sealed record EventPublished(long? Sequence, int Forwarded) : CommandResult;

    public sealed record EventRouted(long Version) : CommandResult;

    /// <summary>The routing rules do not have the expected version.</summary>
    public sealed record EventRoutingMismatch(long Version) : CommandResult;
}
