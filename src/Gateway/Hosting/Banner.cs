using System.Reflection;
using Quorate.Gateway.AllInOne;

namespace Quorate.Gateway.Hosting;

/// <summary>What the process says when it is up: what runs where, and which link to open.</summary>
internal static class Banner
{
    public static string Text(ClusterOptions cluster, EmbeddedCluster? embedded, IEnumerable<string> urls, bool demo)
    {
        var version = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var url = Reachable(urls.FirstOrDefault() ?? "");
        var nodes = embedded is null
            ? string.Join("  ", cluster.Members.Select(member => $"{member.Key} {member.Value}"))
            : string.Join("  ", embedded.Nodes.Select(node => $"{node.Id} {node.Address}"));
        return $"""

            Quorate {version}{(embedded is null ? "" : ", all in one")}{(demo ? ", with the demo workload" : "")}
              nodes    {nodes}
              data     {(embedded is null ? "on the nodes" : cluster.DataDirectory)}
              API      {url}/api/v1    (described at {url}/swagger)
              console  {url}
            Ctrl+C stops it; the data stays.

            """;
    }

    // An address to listen on is not always one to open.
    private static string Reachable(string url) => url.TrimEnd('/')
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal);
}
