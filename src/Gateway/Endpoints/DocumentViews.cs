using System.Globalization;
using System.Text.Json;
using Quorate.Contracts.Documents;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Documents;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints;

/// <summary>Collections and documents in the words of the contract.</summary>
internal static class DocumentViews
{
    /// <summary>Bytes up to which lists carry values.</summary>
    public const int PreviewBytes = 4096;

    public static CollectionView Of(DocumentCollection collection) => new(
        collection.Name, ConflictStrategyNames.Of(collection.Strategy), collection.Count, collection.Bytes, Views.Time(collection.CreatedAt));

    /// <summary>A document with the conflict that it is in.</summary>
    /// <param name="preview">Leaves large values out.</param>
    public static DocumentView Of(DocumentTable documents, DocumentCollection collection, Document document, bool preview = false) =>
        Of(collection.Name, document, preview) with { Conflict = documents.ConflictOf(collection, collection.ForkOf(document.Key) ?? document.Key) };

    /// <param name="preview">Leaves large values out.</param>
    public static DocumentView Of(string collection, Document document, bool preview = false)
    {
        var truncated = preview && document.Value.Length > PreviewBytes;
        return new DocumentView(
            collection,
            document.Key,
            truncated ? null : JsonElement.Parse(document.Value.Span),
            document.Rev,
            document.Generation,
            document.Sequence,
            Views.Time(document.CreatedAt),
            Views.Time(document.ModifiedAt),
            Text(document.ModifiedAt),
            Of(document.Clock),
            document.Value.Length,
            truncated,
            document.Region);
    }

    public static IReadOnlyDictionary<string, long> Of(VectorClock clock) =>
        clock.Counters.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    public static string Text(HlcTimestamp time) => string.Create(CultureInfo.InvariantCulture, $"{time.UnixMs}.{time.Counter}");
}
