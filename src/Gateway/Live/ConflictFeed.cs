using System.Globalization;
using Quorate.Contracts.Live;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>What the live feed says of conflicts.</summary>
internal static class ConflictFeed
{
    private const int Shown = 100;

    /// <summary>Conflicts of one batch that are told one by one; more are told as a number.</summary>
    private const int ToldEach = 3;

    private static readonly ConflictQuery All = new(null, null, null, null, null);

    public static object Newest(ClusterState state) => new ConflictsPayload(
        [.. All.Find(state.Regions.Conflicts, after: null).Take(Shown).Select(conflict => ConflictViews.Of(state, conflict, preview: true))],
        state.Regions.Conflicts.Open);

    public static object Some(ClusterState state, IReadOnlyCollection<string> ids) => new ConflictsPayload(
        [.. ids.Select(state.Regions.Conflicts.Get).OfType<Conflict>().Select(conflict => ConflictViews.Of(state, conflict, preview: true))],
        state.Regions.Conflicts.Open);

    /// <summary>What an operator wants to be told of a batch. Called with the mirror locked.</summary>
    public static IEnumerable<(string Topic, string Severity, string Subject, string Message)> Told(MirrorChange change)
    {
        var conflicts = change.Events.OfType<StateEvent.ConflictChanged>().Select(item => item.Id).Distinct(StringComparer.Ordinal)
            .Select(change.State.Regions.Conflicts.Get).OfType<Conflict>().ToList();
        return Told("system.conflict.found", [.. conflicts.Where(conflict => conflict is { Live: not null, Settlements.Count: 0 })], Found, "conflicts were found")
            .Concat(Told("system.conflict.settled", [.. conflicts.Where(IsDecided)], Settled, "conflicts were settled"));
    }

    private static bool IsDecided(Conflict conflict) => conflict is { Live: null } && conflict.Last?.Settlement.Kind is SettlementKind.Resolved or SettlementKind.Undone;

    private static IEnumerable<(string Topic, string Severity, string Subject, string Message)> Told(
        string topic, List<Conflict> conflicts, Func<Conflict, string> tell, string many)
    {
        var severity = conflicts.Exists(conflict => conflict.Status == ConflictStatus.Open) ? "warning" : "info";
        return conflicts.Count <= ToldEach
            ? conflicts.Select(conflict => (topic, severity, conflict.Id, tell(conflict)))
            : [(topic, severity, conflicts[0].Collection, string.Create(CultureInfo.InvariantCulture, $"{conflicts.Count} {many}, the first in {conflicts[0].Collection}."))];
    }

    private static string Found(Conflict conflict)
    {
        var then = conflict.Strategy switch
        {
            ConflictStrategy.Manual => "it waits for a decision",
            ConflictStrategy.Fork => "each version lives on under a name of its own",
            _ => $"{conflict.Versions.Latest.Region} was later and is shown",
        };
        return $"{Regions(conflict)} changed {conflict.Key} of {conflict.Collection} without having seen each other's change: {then}.";
    }

    private static string Settled(Conflict conflict)
    {
        var (settlement, result) = (conflict.Last!.Settlement, conflict.Last.Result);
        var what = settlement.Kind == SettlementKind.Undone ? "The decision about" : "The conflict about";
        var how = settlement.Kind == SettlementKind.Undone ? "was taken back" : settlement.Chosen is { } chosen ? $"was settled with the version of {chosen}" : "was settled with another value";
        return $"{what} {conflict.Key} of {conflict.Collection} {how}, in {result.Region}{(settlement.Reason is null ? "" : $": {settlement.Reason}")}.";
    }

    private static string Regions(Conflict conflict) => string.Join(" and ", conflict.Versions.Versions.Select(version => version.Region));
}
