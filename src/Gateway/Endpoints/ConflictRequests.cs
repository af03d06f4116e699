using System.Text;
using System.Text.Json;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks requests about conflicts and turns them into commands.</summary>
internal static class ConflictRequests
{
    private const int DefaultMax = 100;

    /// <exception cref="InvalidArgumentException">Not exactly one choice is given, or one is not valid.</exception>
    public static ConflictResolve ToCommand(string id, ResolveConflictRequest request)
    {
        var rev = request.Rev is null ? null : RevPrecondition.Require(RevPrecondition.Field, request.Rev);
        var isChosen = request is not { Strategy: null, Region: null };
        if (request.Value is not { } value || (isChosen && value.ValueKind == JsonValueKind.Null))
        {
            return Choice(request.Strategy, request.Region) with { Id = id, Expected = rev };
        }

        return !isChosen
            ? new ConflictResolve(id, ConflictChoice.Value, Value: Encoding.UTF8.GetBytes(value.GetRawText()), Expected: rev)
            : throw new InvalidArgumentException("value", "Give one of 'strategy', 'region' and 'value'.");
    }

    /// <summary>How each of several conflicts is settled; the command lacks its id.</summary>
    /// <exception cref="InvalidArgumentException">Not exactly one choice is given, or one is not valid.</exception>
    public static ConflictResolve Choice(string? strategy, string? region) => (strategy, region) switch
    {
        (null, null) => throw new InvalidArgumentException("strategy", "Say how: by 'strategy', 'region', or for a single conflict 'value'."),
        (not null, not null) => throw new InvalidArgumentException("region", "Give one of 'strategy' and 'region'."),
        (null, _) => new ConflictResolve("", ConflictChoice.Region, Names.Require("region", region)),
        (ConflictStrategies.LastWriterWins, _) => new ConflictResolve("", ConflictChoice.Latest),
        (ConflictStrategies.Fork, _) => new ConflictResolve("", ConflictChoice.Fork),
        _ => throw new InvalidArgumentException(
            "strategy", $"'strategy' must be {ConflictStrategies.LastWriterWins} or {ConflictStrategies.Fork}, but is '{strategy}'."),
    };

    /// <exception cref="InvalidArgumentException">A filter has a value that nothing can have.</exception>
    public static ConflictQuery ToQuery(ResolveConflictsRequest request) =>
        ConflictQuery.Of(request.Collection, request.Prefix, request.Status ?? ConflictStatuses.Open, strategy: null, request.Region);

    /// <exception cref="InvalidArgumentException">The number is out of range.</exception>
    public static int MaxOf(ResolveConflictsRequest request) => request.Max switch
    {
        null => DefaultMax,
        >= 1 and <= PageQuery.MaxLimit => request.Max.Value,
        _ => throw new InvalidArgumentException("max", $"'max' must be 1 to {PageQuery.MaxLimit}, but is {request.Max}."),
    };
}
