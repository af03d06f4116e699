using System.Diagnostics;
using Quorate.Contracts.Documents;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Node.Replication;

/// <summary>Strategies for conflicts in the words of the contract.</summary>
public static class ConflictStrategyNames
{
    public static string Of(ConflictStrategy strategy) => strategy switch
    {
        ConflictStrategy.LastWriterWins => ConflictStrategies.LastWriterWins,
        ConflictStrategy.Fork => ConflictStrategies.Fork,
        ConflictStrategy.Manual => ConflictStrategies.Manual,
        _ => throw new UnreachableException(strategy.ToString()),
    };

    /// <summary>Null: it is none of them.</summary>
    public static ConflictStrategy? Parse(string name) => name switch
    {
        ConflictStrategies.LastWriterWins => ConflictStrategy.LastWriterWins,
        ConflictStrategies.Fork => ConflictStrategy.Fork,
        ConflictStrategies.Manual => ConflictStrategy.Manual,
        _ => null,
    };
}
