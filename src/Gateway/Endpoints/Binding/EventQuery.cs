using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which kept events are asked for.</summary>
/// <param name="After">Only events with a higher id.</param>
internal sealed record EventQuery(string Pattern, long After) : IBindable<EventQuery>
{
    private const string PatternField = "pattern";
    private const string AfterField = "after";
    private const string Everything = "#";

    /// <exception cref="InvalidArgumentException">The pattern is none, or the id is no number.</exception>
    public static ValueTask<EventQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var pattern = query[PatternField].ToString();
        var after = query[AfterField].ToString();
        return ValueTask.FromResult<EventQuery?>(new EventQuery(
            pattern.Length == 0 ? Everything : EventRequests.RequirePattern(PatternField, Names.Require(PatternField, pattern)),
            after.Length == 0 ? 0 : ReadAfter(after)));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(
            PatternField, ParameterLocation.Query, "Only topics that match: * stands for one segment, # or ** at the end for the rest. Default #.");
        yield return new ParameterDoc(AfterField, ParameterLocation.Query, "Only events with a higher id.") { Type = JsonSchemaType.Integer, Minimum = 0 };
    }

    private static long ReadAfter(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw new InvalidArgumentException(AfterField, $"'{AfterField}' must be a number from 0, but is '{text}'.");
}
