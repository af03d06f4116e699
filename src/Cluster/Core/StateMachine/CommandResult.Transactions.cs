namespace Quorate.Core.StateMachine;

public abstract partial record CommandResult
{
    /// <summary>A transaction was applied.</summary>
    /// <param name="Succeeded">Whether its conditions held, and so which branch it was.</param>
    /// <param name="Results">Of that branch, one for each operation, in order.</param>
    public sealed record TransactionDone(long Index, bool Succeeded, IReadOnlyList<CommandResult> Results) : CommandResult;
}
