using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Narrows a list to names that begin with a text; empty for all.</summary>
internal sealed record PrefixQuery(string Value) : IBindable<PrefixQuery>
{
    private const string Field = "prefix";

    /// <exception cref="InvalidArgumentException">The prefix is longer than any name.</exception>
    public static ValueTask<PrefixQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var prefix = context.Request.Query[Field].ToString();
        Names.RequireText(Field, prefix, Names.MaxBytes);
        return ValueTask.FromResult<PrefixQuery?>(new PrefixQuery(prefix));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(Field, ParameterLocation.Query, "Only names that begin with this text, compared character by character.");
    }
}
