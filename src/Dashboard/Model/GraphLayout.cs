using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

public readonly record struct GraphPoint(double X, double Y);

/// <summary>Both directions between two nodes as one line; the worse state shows.</summary>
/// <param name="RoundTripMs">Measured on the link from the leader, if either is.</param>
public sealed record GraphEdge(string A, string B, string State, double? RoundTripMs);

/// <summary>Nodes on a circle in the order of their ids: a node keeps its place whatever its role.</summary>
public static class GraphLayout
{
    private const double NarrowWidth = 330;
    private const double NarrowRow = 100;
    private const double NarrowStep = 12;

    /// <summary>Room enough that cards of 196 × 76 do not touch, for up to nine nodes; most clusters have three or five.</summary>
    public static (double Width, double Height) Room(int nodes) => (720 + (140 * Math.Max(0, nodes - 7)), 264 + (60 * Math.Max(0, nodes - 6)));

    public static IReadOnlyDictionary<string, GraphPoint> Place(IReadOnlyList<NodeView> nodes, double width, double height, double marginX, double marginY) =>
        Place([.. nodes.Select(node => node.Id).Order(StringComparer.Ordinal)], width, height, marginX, marginY);

    /// <summary>Places names in the order in which they come.</summary>
    public static IReadOnlyDictionary<string, GraphPoint> Place(IReadOnlyList<string> ids, double width, double height, double marginX, double marginY)
    {
        // Two nodes stand side by side; more begin at the top.
        var start = ids.Count == 2 ? Math.PI : -Math.PI / 2;
        var angles = ids.Select((_, index) => start + (2 * Math.PI * index / ids.Count)).ToList();
        var x = Spread(angles.Select(Math.Cos), marginX, width - marginX);
        var y = Spread(angles.Select(Math.Sin), marginY, height - marginY);
        return ids.Index().ToDictionary(node => node.Item, node => new GraphPoint(x[node.Index], y[node.Index]));
    }

    /// <summary>On a phone each card has a row of its own, in turn at the left and at the right.</summary>
    public static (double Width, double Height) NarrowRoom(int nodes) => (NarrowWidth, Math.Max(1, nodes) * NarrowRow);

    public static IReadOnlyDictionary<string, GraphPoint> PlaceNarrow(IReadOnlyList<NodeView> nodes, double marginX, double marginY) =>
        nodes.Select(node => node.Id).Order(StringComparer.Ordinal).Index().ToDictionary(
            node => node.Item,
            node =>
            {
                // Each further in than the last on its side, or the lines between them would lie on each other.
                var fromEdge = marginX + (NarrowStep * (node.Index / 2));
                return new GraphPoint(node.Index % 2 == 0 ? fromEdge : NarrowWidth - fromEdge, marginY + (node.Index * NarrowRow));
            });

    /// <summary>Stretches values so that the least and the greatest reach the ends; equal ones go to the middle.</summary>
    private static List<double> Spread(IEnumerable<double> values, double from, double to)
    {
        var list = values.ToList();
        var (least, most) = (list.DefaultIfEmpty().Min(), list.DefaultIfEmpty().Max());
        return [.. list.Select(value => most - least < 1e-9 ? (from + to) / 2 : from + ((value - least) / (most - least) * (to - from)))];
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
