using System.Reflection;
using Quorate.Gateway.Regions;

namespace Quorate.Gateway.Hosting;

/// <summary>What the process says when it is up: what runs where, and which link to open.</summary>
internal static class Banner
{
    public static string Text(RegionSet regions, IEnumerable<string> urls, bool demo)
    {
        var (cluster, embedded) = (regions.First.Options, regions.First.Embedded);
        var version = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var url = Reachable(urls.FirstOrDefault() ?? "");
        var data = regions.Options.AreEmbedded ? Path.GetDirectoryName(cluster.DataDirectory) : cluster.DataDirectory;
        return $"""

            Quorate {version}{(embedded is null ? "" : ", all in one")}{(demo ? ", with the demo workload" : "")}
            {string.Join(Environment.NewLine, regions.Served.Select(region => Nodes(region, regions.Options)))}
              data     {(embedded is null ? "on the nodes" : data)}
              API      {url}/api/v1    (described at {url}/swagger)
              console  {url}
            Ctrl+C stops it; the data stays.

            """;
    }

    private static string Nodes(Region region, RegionsOptions options)
    {
        var nodes = region.Embedded is { } embedded
            ? embedded.Nodes.Select(node => $"{node.Id} {node.Address}")
            : region.Options.Members.Select(member => $"{member.Key} {member.Value}");
        return $"  {(options.AreOff ? "nodes" : region.Id),-8} {string.Join("  ", nodes)}";
    }

    // An address to listen on is not always one to open.
    private static string Reachable(string url) => url.TrimEnd('/')
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal);
}
