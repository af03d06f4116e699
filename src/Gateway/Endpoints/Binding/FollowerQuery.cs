using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which follower asks.</summary>
internal sealed record FollowerQuery(string Value) : IBindable<FollowerQuery>
{
    private const string Field = "follower";

    /// <exception cref="InvalidArgumentException">It is missing or no name.</exception>
    public static ValueTask<FollowerQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<FollowerQuery?>(new FollowerQuery(Names.Require(Field, context.Request.Query[Field])));

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(Field, ParameterLocation.Query, "Id of the registered follower that asks.") { Required = true };
    }
}
