using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which page of a list is asked for.</summary>
internal sealed record PageQuery(int Limit, string? Cursor) : IBindable<PageQuery>
{
    public const int DefaultLimit = 100;

    public const int MaxLimit = 1000;

    private const string LimitField = "limit";

    /// <summary>The position after which the page begins, in a list that is ordered by name; null for the first page.</summary>
    public string? AfterName => Cursor is null ? null : Binding.Cursor.Read(Cursor);

    /// <summary>The position after which the page begins, in a list that is ordered by number; null for the first page.</summary>
    public long? AfterNumber => Cursor is null ? null : Binding.Cursor.ReadNumber(Cursor);

    /// <exception cref="InvalidArgumentException"><c>limit</c> is out of range.</exception>
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var cursor = query[Binding.Cursor.Field].ToString();
        return ValueTask.FromResult<PageQuery?>(new PageQuery(ReadLimit(query[LimitField]), cursor.Length == 0 ? null : cursor));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(LimitField, ParameterLocation.Query, $"Items of the page, 1 to {MaxLimit}; default {DefaultLimit}.")
        {
            Type = JsonSchemaType.Integer,
            Minimum = 1,
            Maximum = MaxLimit,
        };
        yield return new ParameterDoc(Binding.Cursor.Field, ParameterLocation.Query, "The nextCursor of the page before; absent for the first page.");
    }

    /// <summary>Cuts what was read, one item more than the limit if there are as many, into the page and where the next one begins.</summary>
    /// <param name="cursor">Where a page ends that ends with this item.</param>
    public Page<TView> Cut<TItem, TView>(IReadOnlyList<TItem> items, Func<TItem, TView> view, Func<TItem, string> cursor) => new(
        [.. items.Take(Limit).Select(view)],
        items.Count > Limit ? cursor(items[Limit - 1]) : null);

    private static int ReadLimit(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return DefaultLimit;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit
            ? limit
            : throw new InvalidArgumentException(LimitField, $"'limit' must be a number from 1 to {MaxLimit}, but is '{text}'.");
    }
}
