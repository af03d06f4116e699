using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <param name="Id">Region of a version, <c>settlement-n</c>, or <c>ancestor</c>.</param>
/// <param name="Kind"><c>ancestor</c>, <c>version</c> or a settlement's kind.</param>
/// <param name="Region">Whose lane it stands in; null for the ancestor.</param>
/// <param name="X">Of the middle.</param>
public sealed record CausalNode(string Id, string Kind, string? Region, IReadOnlyDictionary<string, long> Clock, bool Deleted, bool Winner, double X, double Y);

public sealed record CausalArrow(string From, string To, GraphPoint Start, GraphPoint End);

/// <summary>
/// Who had seen what: a lane for each region, time to the right. An arrow says that the later one knew the earlier; two versions without
/// a path between them are the conflict.
/// </summary>
public sealed record CausalDrawing(
    double Width, double Height, IReadOnlyList<(string Region, double Y)> Lanes, IReadOnlyList<CausalNode> Nodes, IReadOnlyList<CausalArrow> Arrows)
{
    public const string Ancestor = "ancestor";
    public const string Version = "version";
    public const double CardWidth = 148;
    public const double CardHeight = 46;
    public const double LaneHeight = 66;

    private const double Left = 56;
    private const double Gap = 44;

    public static CausalDrawing Of(ConflictView conflict)
    {
        var versions = conflict.Versions.OrderBy(version => version.At).ThenBy(version => version.Region, StringComparer.Ordinal).ToList();
        var lanes = versions.Select(version => version.Region)
            .Concat(conflict.Settlements.Select(settlement => settlement.Region))
            .Distinct().Order(StringComparer.Ordinal).Select((region, index) => (Region: region, Y: (LaneHeight * index) + (LaneHeight / 2))).ToList();
        var laneOf = lanes.ToDictionary(lane => lane.Region, lane => lane.Y);
        var ancestor = Common(versions.Select(version => version.Clock));
        var nodes = new List<CausalNode>();
        var column = 0;
        if (ancestor.Count > 0)
        {
            nodes.Add(new CausalNode(Ancestor, Ancestor, null, ancestor, false, false, X(column++), LaneHeight * lanes.Count / 2));
        }

        foreach (var version in versions)
        {
            nodes.Add(new CausalNode(version.Region, Version, version.Region, version.Clock, version.Deleted, version.IsWinner, X(column++), laneOf[version.Region]));
        }

        foreach (var (index, settlement) in conflict.Settlements.Index())
        {
            nodes.Add(new CausalNode(
                $"settlement-{index}", settlement.Kind, settlement.Region, settlement.Clock, false, index == conflict.Settlements.Count - 1, X(column++), laneOf[settlement.Region]));
        }

        return new CausalDrawing(X(column) - (CardWidth / 2) - Gap + 8, LaneHeight * lanes.Count, lanes, nodes, Between(nodes));
    }

    /// <summary>What all clocks have seen.</summary>
    public static IReadOnlyDictionary<string, long> Common(IEnumerable<IReadOnlyDictionary<string, long>> clocks)
    {
        var all = clocks.ToList();
        return all.SelectMany(clock => clock.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(region => KeyValuePair.Create(region, all.Min(clock => clock.GetValueOrDefault(region))))
            .Where(pair => pair.Value > 0).ToDictionary();
    }

    /// <summary>Whether the first clock has been seen by the second, which is another.</summary>
    public static bool Precedes(IReadOnlyDictionary<string, long> earlier, IReadOnlyDictionary<string, long> later) =>
        earlier.All(pair => pair.Value <= later.GetValueOrDefault(pair.Key)) && later.Any(pair => pair.Value > earlier.GetValueOrDefault(pair.Key));

    /// <summary>Only the direct ones: what follows over a third node is not drawn.</summary>
    private static List<CausalArrow> Between(List<CausalNode> nodes) =>
    [
        .. from later in nodes
           let known = nodes.Where(node => node != later && Precedes(node.Clock, later.Clock)).ToList()
           from earlier in known
           where !known.Any(between => between != earlier && Precedes(earlier.Clock, between.Clock))
           select new CausalArrow(earlier.Id, later.Id, new(earlier.X + (CardWidth / 2), earlier.Y), new(later.X - (CardWidth / 2) - 1, later.Y)),
    ];

    private static double X(int column) => Left + (CardWidth / 2) + (column * (CardWidth + Gap));
}
