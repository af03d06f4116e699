using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Whether a change is only to be described and not to be made.</summary>
internal sealed record DryRunQuery(bool Value) : IBindable<DryRunQuery>
{
    private const string Field = "dryRun";

    /// <exception cref="InvalidArgumentException">Neither <c>true</c> nor <c>false</c>. A change is never made by mistake.</exception>
    public static ValueTask<DryRunQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var dryRun = context.Request.Query.TryGetValue(Field, out var text) && Read(text.ToString());
        return ValueTask.FromResult<DryRunQuery?>(new DryRunQuery(dryRun));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(Field, ParameterLocation.Query, "true: only say what the change would do. Default false.") { Type = JsonSchemaType.Boolean };
    }

    private static bool Read(string text) => bool.TryParse(text, out var dryRun)
        ? dryRun
        : throw new InvalidArgumentException(Field, $"'dryRun' must be true or false, but is '{text}'.");
}
