using System.Diagnostics;
using Quorate.Contracts.Cache;
using Quorate.Gateway.Cache;

namespace Quorate.Gateway.Endpoints;

internal static class CacheViews
{
    public static string Of(ReadEnd layer) => layer switch
    {
        ReadEnd.Local => CacheLayers.Local,
        ReadEnd.Cluster => CacheLayers.Cluster,
        ReadEnd.Redis => CacheLayers.Redis,
        _ => throw new UnreachableException(layer.ToString()),
    };
}
