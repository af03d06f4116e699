using Quorate.Contracts.Documents;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks requests about collections and turns them into commands.</summary>
internal static class DocumentRequests
{
    private const char SystemPrefix = '_';

    /// <exception cref="InvalidArgumentException">The name or the strategy is not valid.</exception>
    public static CollectionCreate ToCommand(CreateCollectionRequest request)
    {
        var name = Names.Require("name", request.Name);
        return new CollectionCreate(name, Strategy(request.ConflictStrategy));
    }

    /// <summary>Whether a collection is the system's own, which nobody else writes.</summary>
    public static bool IsSystem(string collection) => collection.StartsWith(SystemPrefix);

    public static ProblemResult ReadOnly(string collection) => new(
        Contracts.Problems.ErrorCodes.ReadOnly, $"Names that begin with '{SystemPrefix}' are the system's own: '{collection}' can only be read.");

    private static ConflictStrategy Strategy(string? name) => ConflictStrategyNames.Parse(name ?? ConflictStrategies.LastWriterWins)
        ?? throw new InvalidArgumentException(
            "conflictStrategy", $"'conflictStrategy' must be one of {string.Join(", ", ConflictStrategies.All)}, but is '{name}'.");
}
