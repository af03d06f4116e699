using Quorate.Contracts.Regions;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Brakes in the words of the contract.</summary>
internal static class BrakeViews
{
    public static IReadOnlyList<BrakeView> Of(string region, ClusterState state) =>
    [
        .. state.Regions.Brakes.Pulled.Select(brake => new BrakeView(
            region,
            brake.Collection,
            Views.Time(brake.Since!.Value),
            brake.Held,
            state.Documents.Get(brake.Collection)?.Count ?? 0,
            [.. state.Regions.Brakes.HeldOf(brake.Collection).Select(change => change.Origin).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])),
    ];

    /// <exception cref="InvalidArgumentException">There is no such action.</exception>
    public static string ActionOf(BrakeRequest request) => request.Action is { } action && BrakeActions.All.Contains(action)
        ? action
        : throw new InvalidArgumentException("action", $"'action' must be one of {string.Join(", ", BrakeActions.All)}, but is '{request.Action}'.");
}
