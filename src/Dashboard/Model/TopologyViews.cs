namespace Quorate.Dashboard.Model;

/// <summary>What the topology page shows beneath the graph, as it stands in the URL.</summary>
public static class TopologyViews
{
    public const string Nodes = "nodes";
    public const string Members = "members";
    public const string Charts = "charts";

    /// <summary>A view that does not exist becomes the first.</summary>
    public static string Parse(string? view) => view is Members or Charts ? view : Nodes;
}
