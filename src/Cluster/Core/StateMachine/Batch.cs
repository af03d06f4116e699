namespace Quorate.Core.StateMachine;

/// <summary>
/// Commands that share one entry of the log: one round of consensus and one fsync for all. Each has its own result, and one that
/// fails changes nothing for the others. They are applied in order, at the same index and time.
/// </summary>
/// <param name="Commands">1 to <see cref="MaxCommands"/>; not batches themselves.</param>
public sealed record Batch(IReadOnlyList<Command> Commands) : Command
{
    public const int MaxCommands = 1000;
}
