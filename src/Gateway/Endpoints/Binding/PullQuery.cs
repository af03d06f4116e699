using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which changes a follower asks for.</summary>
/// <param name="Follower">Who asks.</param>
/// <param name="After">The last change that it has.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="MissingChunks">Chunks of blobs that it lacks; null when it does not say.</param>
internal sealed record PullQuery(string Follower, long After, int Limit, TimeSpan Wait, long? MissingChunks) : IBindable<PullQuery>
{
    public const int DefaultLimit = 1000;

    private const int MaxLimit = 10_000;
    private const long MaxWaitMs = 30_000;

    /// <exception cref="InvalidArgumentException">A parameter is missing or out of range.</exception>
    public static ValueTask<PullQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        return ValueTask.FromResult<PullQuery?>(new PullQuery(
            Names.Require("follower", query["follower"]),
            Number(query, "after", 0, long.MaxValue, null),
            (int)Number(query, "limit", 1, MaxLimit, DefaultLimit),
            TimeSpan.FromMilliseconds(Number(query, "waitMs", 0, MaxWaitMs, 0)),
            query["missingChunks"].Count == 0 ? null : Number(query, "missingChunks", 0, long.MaxValue, null)));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc("follower", ParameterLocation.Query, "Id of the registered follower that asks.") { Required = true };
        yield return Integer("after", "The last change that the follower has; 0 for the beginning.", 0) with { Required = true };
        yield return Integer("limit", $"Changes at most, 1 to {MaxLimit}; default {DefaultLimit}. Fewer come when they are large.", 1);
        yield return Integer("waitMs", $"How long to wait for the first one: 0 to {MaxWaitMs} milliseconds; default 0.", 0);
        yield return Integer("missingChunks", "Chunks of blobs that the follower is still to fetch, for the operators' eyes.", 0);
    }

    private static ParameterDoc Integer(string name, string text, int min) =>
        new(name, ParameterLocation.Query, text) { Type = JsonSchemaType.Integer, Minimum = min };

    private static long Number(IQueryCollection query, string field, long min, long max, long? otherwise)
    {
        var text = query[field].ToString();
        if (text.Length == 0 && otherwise is { } value)
        {
            return value;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new InvalidArgumentException(field, $"'{field}' must be a whole number from {min} to {max}, but is '{text}'.");
    }
}
