namespace Quorate.Core.StateMachine;

public abstract partial record CommandResult
{
    /// <summary>A transaction was applied.</summary>
    /// <param name="Succeeded">Whether its conditions held, and so which branch it was.</param>
    /// <param name="Results">Of that branch, one for each operation, in order.</param>
    public sealed record TransactionDone(long Index, bool Succeeded, IReadOnlyList<CommandResult> Results) : CommandResult;

    /// <summary>An operation of the branch could not be carried out, and so nothing of it was.</summary>
    /// <param name="Succeeded">Whether the conditions held, and so which branch it was.</param>
    /// <param name="Operation">Place in the branch, from 0, of the first that was refused.</param>
    /// <param name="Refusal">What it would have been answered alone.</param>
    public sealed record TransactionRefused(bool Succeeded, int Operation, CommandResult Refusal) : CommandResult;
}
