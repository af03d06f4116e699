using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The region that a request addresses; the first one when it names none.</summary>
internal sealed record RegionQuery(Region Region) : IBindable<RegionQuery>
{
    public const string Field = "region";

    public string Id => Region.Id;

    public ClusterClient Cluster => Region.Cluster;

    /// <exception cref="UnknownRegionException">It is not served here.</exception>
    public static ValueTask<RegionQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<RegionQuery?>(new RegionQuery(Require(context)));

    /// <exception cref="UnknownRegionException">It is not served here.</exception>
    public static Region Require(HttpContext context) => context.RequestServices.GetRequiredService<RegionSet>().Require(Read(context));

    public static string? Read(HttpContext context) => context.Request.Query[Field];

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return Doc;
    }

    public static readonly ParameterDoc Doc = new(
        Field, ParameterLocation.Query, "In a process with several regions: the one that is addressed. Default: the first.");
}
