using System.Reflection;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The region whose blobs a request addresses; the first one when it names none.</summary>
internal sealed record BlobRegionQuery(RegionBlobs Blobs) : IBindable<BlobRegionQuery>
{
    /// <exception cref="UnknownRegionException">It is not served here.</exception>
    public static ValueTask<BlobRegionQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<BlobRegionQuery?>(new BlobRegionQuery(context.RequestServices.GetRequiredService<BlobRegions>().Of(RegionQuery.Require(context))));

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter) => RegionQuery.Describe(parameter);
}
