using System.Globalization;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;

namespace Quorate.Gateway.Replication;

/// <summary>The system's own collections, made from the state when somebody reads them.</summary>
/// <param name="follower">Whose copy is read; null: the cluster itself.</param>
internal sealed class SystemDocuments(ClusterState state, string? follower)
{
    public static IReadOnlyList<string> Names { get; } = [SystemCollections.SyncLog, SystemCollections.SyncState];

    public static bool Exists(string collection) => Names.Contains(collection);

    public CollectionView View(string collection) => new(
        collection,
        ConflictStrategies.LastWriterWins,
        collection == SystemCollections.SyncLog ? state.Sync.Count : Positions().Count(),
        collection == SystemCollections.SyncLog ? state.Sync.Bytes : 0,
        CreatedAt: null,
        ReadOnly: true);

    public DocumentView? Get(string collection, string key) => collection == SystemCollections.SyncLog
        ? IsNumber(key, out var sequence) && state.Sync.Get(sequence) is { } entry ? Of(entry) : null
        : Positions().FirstOrDefault(document => document.Key == key);

    /// <param name="after">A key; null for the beginning.</param>
    public IEnumerable<DocumentView> Range(string collection, string prefix, string? after)
    {
        var items = collection == SystemCollections.SyncLog
            ? state.Sync.After(after is not null && IsNumber(after, out var sequence) ? sequence : 0).Select(Of)
            : Positions().Where(document => string.CompareOrdinal(document.Key, after) > 0);
        return items.Where(document => document.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    private IEnumerable<DocumentView> Positions() => follower is null
        ? state.Sync.Followers.Select(Of)
        : [Make(SystemCollections.SyncState, follower, new { sequence = state.Sync.Position }, state.Sync.Position, state.Time)];

    private static DocumentView Of(Follower follower) => Make(
        SystemCollections.SyncState,
        follower.Id,
        new { follower.Sequence, RegisteredAt = Views.Time(follower.RegisteredAt), ReportedAt = Views.Time(follower.ReportedAt) },
        follower.Sequence,
        follower.ReportedAt);

    private static DocumentView Of(SyncEntry entry) => Make(
        SystemCollections.SyncLog, entry.Sequence.ToString(CultureInfo.InvariantCulture), SyncViews.Of(entry), entry.Sequence, entry.At);

    private static DocumentView Make<T>(string collection, string key, T value, long sequence, HlcTimestamp at)
    {
        var json = JsonSerializer.SerializeToElement(value, ContractJson.Options);
        return new DocumentView(
            collection, key, json, sequence.ToString(CultureInfo.InvariantCulture), 1, sequence, Views.Time(at), Views.Time(at), DocumentViews.Text(at),
            new Dictionary<string, long>(), json.GetRawText().Length);
    }

    private static bool IsNumber(string key, out long number) => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
