using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which conflicts of the ledger are looked at; null members stand for all.</summary>
/// <param name="Writer">A region that wrote one of the versions.</param>
internal sealed record ConflictQuery(string? Collection, string? Prefix, string? Status, ConflictStrategy? Strategy, string? Writer) : IBindable<ConflictQuery>
{
    private const string CollectionField = "collection";
    private const string PrefixField = "prefix";
    private const string StatusField = "status";
    private const string StrategyField = "strategy";
    private const string WriterField = "writer";

    /// <exception cref="InvalidArgumentException">A filter has a value that nothing can have.</exception>
    public static ValueTask<ConflictQuery?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<ConflictQuery?>(Of(
        Read(context, CollectionField), Read(context, PrefixField), Read(context, StatusField), Read(context, StrategyField), Read(context, WriterField)));

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(CollectionField, ParameterLocation.Query, "Only conflicts of this collection.");
        yield return new ParameterDoc(PrefixField, ParameterLocation.Query, "Only keys that begin with this text.");
        yield return new ParameterDoc(StatusField, ParameterLocation.Query, $"One of {string.Join(", ", ConflictStatuses.All)}; default all.");
        yield return new ParameterDoc(StrategyField, ParameterLocation.Query, $"The collection's: one of {string.Join(", ", ConflictStrategies.All)}; default all.");
        yield return new ParameterDoc(WriterField, ParameterLocation.Query, "Only conflicts with a version that this region wrote.");
    }

    /// <exception cref="InvalidArgumentException">A filter has a value that nothing can have.</exception>
    public static ConflictQuery Of(string? collection, string? prefix, string? status, string? strategy, string? writer)
    {
        if (collection is not null)
        {
            Names.Require(CollectionField, collection);
        }

        Names.RequireText(PrefixField, prefix ?? "", Names.MaxBytes);
        if (status is not null && !ConflictStatuses.All.Contains(status))
        {
            throw new InvalidArgumentException(StatusField, $"'status' must be one of {string.Join(", ", ConflictStatuses.All)}, but is '{status}'.");
        }

        var parsed = strategy is null ? (ConflictStrategy?)null : ConflictStrategyNames.Parse(strategy) ?? throw new InvalidArgumentException(
            StrategyField, $"'strategy' must be one of {string.Join(", ", ConflictStrategies.All)}, but is '{strategy}'.");
        return new ConflictQuery(collection, prefix, status, parsed, writer);
    }

    /// <summary>Conflicts, newest first, after a position.</summary>
    /// <param name="after">A <see cref="CursorOf"/>; null: from the beginning.</param>
    public IEnumerable<Conflict> Find(ConflictTable conflicts, string? after)
    {
        var (at, id) = after is null ? (HlcTimestamp.Never, "") : Position(after);
        return conflicts.All()
            .Where(Matches)
            .Select(conflict => (Conflict: conflict, conflict.At))
            .Where(item => item.At < at || (item.At == at && string.CompareOrdinal(item.Conflict.Id, id) > 0))
            .OrderByDescending(item => item.At).ThenBy(item => item.Conflict.Id, StringComparer.Ordinal)
            .Select(item => item.Conflict);
    }

    /// <summary>Where a page ends that ends with this conflict.</summary>
    public static string CursorOf(ConflictView conflict, HlcTimestamp at) => Cursor.Of(string.Create(CultureInfo.InvariantCulture, $"{at.Value} {conflict.Id}"));

    private bool Matches(Conflict conflict) =>
        (Collection is null || conflict.Collection == Collection)
        && (string.IsNullOrEmpty(Prefix) || conflict.Key.StartsWith(Prefix, StringComparison.Ordinal))
        && (Strategy is null || conflict.Strategy == Strategy)
        && (Status is null || ConflictViews.Of(conflict.Status) == Status)
        && (Writer is null || conflict.Versions.Versions.Any(version => version.Region == Writer));

    private static (HlcTimestamp At, string Id) Position(string cursor) =>
        Cursor.Read(cursor).Split(' ') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? (new HlcTimestamp(value), id)
            : throw new InvalidArgumentException(Cursor.Field, "'cursor' must be the nextCursor of a page of this list.");

    private static string? Read(HttpContext context, string field) => context.Request.Query[field].ToString() is { Length: > 0 } text ? text : null;
}
