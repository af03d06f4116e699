using System.Reflection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Whether a read must not be answered from the gateway's own memory.</summary>
internal sealed record FreshHeader(bool Value) : IBindable<FreshHeader>
{
    private const string NoCache = "no-cache";

    public static ValueTask<FreshHeader?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<FreshHeader?>(
        new FreshHeader(context.Request.Headers.CacheControl.ToString().Contains(NoCache, StringComparison.OrdinalIgnoreCase)));

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(
            HeaderNames.CacheControl,
            ParameterLocation.Header,
            $"`{NoCache}`: the answer sees every write acknowledged before. Without it, it may be as old as Cache:StalenessMs.");
    }
}
