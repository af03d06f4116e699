using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The region that stands in the path.</summary>
internal sealed record RegionSegment(Region Region) : IBindable<RegionSegment>
{
    public string Id => Region.Id;

    public ClusterClient Cluster => Region.Cluster;

    /// <exception cref="UnknownRegionException">It is not served here.</exception>
    public static async ValueTask<RegionSegment?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var name = await SegmentName.BindAsync(context, parameter);
        return new RegionSegment(context.RequestServices.GetRequiredService<RegionSet>().Require(name!.Value));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(parameter.Name!, ParameterLocation.Path, "Id of a region that this process serves.") { Required = true };
    }
}
