using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

public readonly record struct GraphPoint(double X, double Y);

/// <summary>Both directions between two nodes as one line; the worse state shows.</summary>
/// <param name="RoundTripMs">Measured on the link from the leader, if either is.</param>
public sealed record GraphEdge(string A, string B, string State, double? RoundTripMs);

/// <summary>Nodes on a circle in the order of their ids: a node keeps its place whatever its role.</summary>
public static class GraphLayout
{
    public static IReadOnlyDictionary<string, GraphPoint> Place(IReadOnlyList<NodeView> nodes, double width, double height, double marginX, double marginY)
    {
        var centre = new GraphPoint(width / 2, height / 2);
        var ids = nodes.Select(node => node.Id).Order(StringComparer.Ordinal).ToList();
        if (ids.Count == 1)
        {
            return new Dictionary<string, GraphPoint> { [ids[0]] = centre };
        }

        var radiusX = (width / 2) - marginX;
        var radiusY = (height / 2) - marginY;
        return ids.Index().ToDictionary(
            node => node.Item,
            node =>
            {
                var angle = (2 * Math.PI * node.Index / ids.Count) - (Math.PI / 2);
                return new GraphPoint(centre.X + (radiusX * Math.Cos(angle)), centre.Y + (radiusY * Math.Sin(angle)));
            });
    }

    public static IReadOnlyList<GraphEdge> Edges(IReadOnlyList<LinkView> links) =>
        [.. links
            .GroupBy(link => string.CompareOrdinal(link.From, link.To) < 0 ? (link.From, link.To) : (link.To, link.From))
            .Select(pair => new GraphEdge(pair.Key.Item1, pair.Key.Item2, Worst(pair), pair.Max(link => link.RoundTripMs)))];

    private static string Worst(IEnumerable<LinkView> links)
    {
        var states = links.Select(link => link.State).ToHashSet();
        return states.Contains(LinkStates.Cut) ? LinkStates.Cut
            : states.Contains(LinkStates.Down) ? LinkStates.Down
            : LinkStates.Up;
    }
}
