using System.Diagnostics;
using System.Text.Json;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints;

/// <summary>The ledger of conflicts in the words of the contract.</summary>
internal static class ConflictViews
{
    /// <param name="preview">Leaves large values out.</param>
    public static ConflictView Of(ClusterState state, Conflict conflict, bool preview = false)
    {
        var collection = state.Documents.Get(conflict.Collection);
        var winner = WinnerOf(conflict);
        return new ConflictView(
            conflict.Id,
            conflict.Collection,
            conflict.Key,
            [.. conflict.Versions.Versions.Select(version => version.Region).Distinct()],
            [.. Versions(conflict, collection, winner, preview)],
            ConflictStrategyNames.Of(conflict.Strategy),
            winner?.Region ?? (conflict.Live is null ? conflict.Last?.Settlement.Chosen : null),
            Of(conflict.Status),
            Views.Time(conflict.At),
            [.. conflict.Settlements.Select(record => Of(record, preview))],
            collection?.Get(conflict.Key) is { } current ? DocumentViews.Of(state.Documents, collection, current, preview) : null,
            collection is not null && CanUndo(conflict, collection.Versions(conflict.Key)));
    }

    public static string Of(ConflictStatus status) => status switch
    {
        ConflictStatus.Open => ConflictStatuses.Open,
        ConflictStatus.Automatic => ConflictStatuses.Automatic,
        ConflictStatus.Overwritten => ConflictStatuses.Overwritten,
        ConflictStatus.Resolved => ConflictStatuses.Resolved,
        ConflictStatus.Undone => ConflictStatuses.Undone,
        _ => throw new UnreachableException(status.ToString()),
    };

    /// <summary>The version that is shown or was chosen; null when several live on, or the value is another.</summary>
    private static DocumentVersion? WinnerOf(Conflict conflict)
    {
        if (conflict.Live is not { } live)
        {
            return conflict.Last is { Settlement.Chosen: { } chosen } last
                ? conflict.Versions.Versions.LastOrDefault(version => version.Region == chosen && version.HasSameValue(last.Result))
                : null;
        }

        var living = live.Versions.Where(version => !version.IsDeletion).ToList();
        return conflict.Strategy != ConflictStrategy.Fork ? live.Latest : living.Count == 1 ? living[0] : null;
    }

    private static bool CanUndo(Conflict conflict, VersionSet versions) =>
        DocumentTable.CanUndo(conflict)
        && (conflict.Last is not { } last || versions.IsOnly(last.Result))
        && (!versions.IsConflict || Conflict.IdOf(conflict.Collection, conflict.Key, versions) == conflict.Id);

    private static IEnumerable<ConflictVersionView> Versions(Conflict conflict, DocumentCollection? collection, DocumentVersion? winner, bool preview)
    {
        var position = 0;
        foreach (var version in conflict.Versions.Versions)
        {
            var fork = version.IsDeletion ? null : Forks.NameOf(conflict.Key, position++);
            var isShown = fork is not null && collection?.ForkOf(fork) == conflict.Key && collection.Get(fork)?.Rev == version.Rev;
            var (value, truncated) = Value(version, preview);
            yield return new ConflictVersionView(
                version.Region,
                value,
                DocumentViews.Of(version.Clock),
                DocumentViews.Text(version.At),
                version.Rev,
                Views.Time(version.At),
                version.IsDeletion,
                version == winner,
                isShown ? fork : null,
                version.Value?.Length ?? 0,
                truncated);
        }
    }

    private static SettlementView Of(SettlementRecord record, bool preview) => new(
        record.Settlement.Kind switch
        {
            SettlementKind.Overwritten => SettlementKinds.Overwritten,
            SettlementKind.Resolved => SettlementKinds.Resolved,
            SettlementKind.Undone => SettlementKinds.Undone,
            _ => throw new UnreachableException(record.Settlement.Kind.ToString()),
        },
        record.Result.Region,
        Views.Time(record.Result.At),
        record.Settlement.Chosen,
        record.Settlement.Reason,
        record.Result.Rev,
        Value(record.Result, preview).Value,
        DocumentViews.Of(record.Result.Clock));

    /// <summary>The value, null for a deletion or when it is left out.</summary>
    public static (JsonElement? Value, bool Truncated) Value(DocumentVersion version, bool preview) => version.Value is not { } value
        ? (null, false)
        : preview && value.Length > DocumentViews.PreviewBytes ? (null, true) : (JsonElement.Parse(value.Span), false);
}
