using Quorate.Contracts.Locks;

namespace Quorate.Dashboard.Model;

/// <param name="X">Of the middle, as <paramref name="Y"/>.</param>
/// <param name="Lock">A lock that it holds and others wait for.</param>
public sealed record WaitCard(string Owner, double X, double Y, bool IsVictim, string? Lock);

/// <param name="Kind">CSS class: <c>waits</c>, <c>cycle</c> or <c>refused</c>.</param>
/// <param name="Place">Of the middle of the label, beside the line.</param>
public sealed record WaitArrow(string From, string To, string Label, string Kind, GraphPoint Start, GraphPoint End, GraphPoint Place)
{
    /// <summary>Where the line turns between start and end.</summary>
    public IReadOnlyList<GraphPoint> Bends { get; init; } = [];
}

/// <summary>Owners as cards and who waits for whom as arrows, laid out.</summary>
/// <param name="Left">Owners that did not fit.</param>
public sealed partial record WaitDrawing(double Width, double Height, IReadOnlyList<WaitCard> Cards, IReadOnlyList<WaitArrow> Arrows, int Left)
{
    public const double CardWidth = 176;
    public const double CardHeight = 48;

    /// <summary>More than these nobody can follow.</summary>
    public const int MaxCards = 40;

    private const double Gap = 190;
    private const double RowHeight = 68;
    private const double Margin = 4;

    /// <summary>Arrows keep to the right of the line between two cards, so that there and back do not lie on each other.</summary>
    private const double Aside = 8;

    /// <summary>From the line to the middle of its label.</summary>
    private const double LabelAside = 11;

    /// <summary>In columns: who waits for nobody at the right, everybody else to the left of whom they wait for.</summary>
    public static WaitDrawing Of(WaitGraph graph)
    {
        var edges = Drawn(graph.Edges);
        var depths = Depths(graph.Nodes.Select(node => node.Owner), edges);
        var shown = graph.Nodes.OrderBy(node => depths[node.Owner]).ThenBy(node => node.Owner, StringComparer.Ordinal).Take(MaxCards).ToList();
        var columns = shown.Select(node => depths[node.Owner]).DefaultIfEmpty().Max() + 1;
        var rows = shown.GroupBy(node => depths[node.Owner]).Select(column => column.Count()).DefaultIfEmpty().Max();
        var width = (columns * CardWidth) + ((columns - 1) * Gap) + (2 * Margin);
        var height = (rows * RowHeight) - (RowHeight - CardHeight) + (2 * Margin);
        var cards = shown.GroupBy(node => depths[node.Owner]).SelectMany(column =>
        {
            var top = (height - (column.Count() * RowHeight) + (RowHeight - CardHeight)) / 2;
            var x = width - Margin - (CardWidth / 2) - (column.Key * (CardWidth + Gap));
            return column.Select((node, row) => new WaitCard(
                node.Owner, x, top + (row * RowHeight) + (CardHeight / 2), false, node.Holds is [var held, ..] ? held : null));
        }).ToList();
        return new WaitDrawing(width, height, cards, Between(cards, edges, _ => "waits"), graph.Nodes.Count - shown.Count);
    }

    /// <summary>Round in a circle, the victim first.</summary>
    public static WaitDrawing Of(PastDeadlock deadlock)
    {
        var owners = deadlock.Cycle.Select(step => step.Owner).Distinct().ToList();
        var radius = Math.Max(1, owners.Count - 1);
        var (width, height) = (560 + (90.0 * Math.Max(0, radius - 2)), owners.Count == 2 ? 76 : 180 + (44.0 * Math.Max(0, radius - 2)));
        var cards = owners.Select((owner, index) =>
        {
            var angle = (owners.Count == 2 ? Math.PI : -Math.PI / 2) + (2 * Math.PI * index / owners.Count);
            return new WaitCard(
                owner,
                (width / 2) + (Math.Cos(angle) * ((width / 2) - (CardWidth / 2) - Margin)),
                (height / 2) + (Math.Sin(angle) * ((height / 2) - (CardHeight / 2) - Margin)),
                owner == deadlock.Victim,
                deadlock.Cycle.FirstOrDefault(step => step.HeldBy == owner)?.Lock);
        }).ToList();
        var edges = deadlock.Cycle.Select(step => new WaitEdge(step.Owner, step.HeldBy, step.Lock, step.Mode, deadlock.At)).ToList();
        return new WaitDrawing(width, height, cards, Between(cards, edges, edge => edge.Waiter == deadlock.Victim ? "refused" : "cycle"), 0);
    }

    /// <summary>A request waits for all ahead of it; drawn is only whom the lock belongs to now, or who is next before it.</summary>
    private static List<WaitEdge> Drawn(IEnumerable<WaitEdge> edges) =>
        [.. edges.GroupBy(edge => (edge.Waiter, edge.Lock)).SelectMany(request =>
            request.Any(edge => !edge.Ahead) ? request.Where(edge => !edge.Ahead) : [request.Last()])];

    private static Dictionary<string, int> Depths(IEnumerable<string> owners, List<WaitEdge> edges)
    {
        var depths = owners.ToDictionary(owner => owner, _ => 0);

        // No cycle ever stands, so this ends by itself; the bound is for a gateway that says otherwise.
        for (var round = 0; round < depths.Count; round++)
        {
            var changed = false;
            foreach (var edge in edges.Where(edge => depths[edge.Waiter] <= depths[edge.Holder]))
            {
                depths[edge.Waiter] = depths[edge.Holder] + 1;
                changed = true;
            }

            if (!changed)
            {
                break;
            }
        }

        return depths;
    }

    private static List<WaitArrow> Between(List<WaitCard> cards, List<WaitEdge> edges, Func<WaitEdge, string> kind)
    {
        var places = cards.ToDictionary(card => card.Owner);
        return [.. edges
            .Where(edge => places.ContainsKey(edge.Waiter) && places.ContainsKey(edge.Holder))
            .GroupBy(edge => (edge.Waiter, edge.Holder))
            .Select(pair =>
            {
                var (from, to) = (places[pair.Key.Waiter], places[pair.Key.Holder]);
                var label = pair.Count() == 1 ? pair.First().Lock : $"{pair.First().Lock} +{pair.Count() - 1}";
                var (start, end) = (Border(from, to, outgoing: true), Border(to, from, outgoing: false));
                return new WaitArrow(from.Owner, to.Owner, label, kind(pair.First()), start, end, Beside(start, end));
            })];
    }

    private static GraphPoint Beside(GraphPoint start, GraphPoint end)
    {
        var (dx, dy) = (end.X - start.X, end.Y - start.Y);
        var length = Math.Max(1e-9, Math.Sqrt((dx * dx) + (dy * dy)));
        return new GraphPoint(((start.X + end.X) / 2) - (dy / length * LabelAside), ((start.Y + end.Y) / 2) + (dx / length * LabelAside));
    }

    /// <summary>Where the line to the other card leaves this one.</summary>
    private static GraphPoint Border(WaitCard card, WaitCard other, bool outgoing)
    {
        var (dx, dy) = (other.X - card.X, other.Y - card.Y);
        var length = Math.Max(1e-9, Math.Sqrt((dx * dx) + (dy * dy)));
        var side = outgoing ? Aside : -Aside;
        var (x, y) = (card.X - (dy / length * side), card.Y + (dx / length * side));
        var reachX = Math.Abs(dx) < 1e-9 ? double.MaxValue : ((CardWidth / 2) - (Math.Sign(dx) * (x - card.X))) / Math.Abs(dx);
        var reachY = Math.Abs(dy) < 1e-9 ? double.MaxValue : ((CardHeight / 2) - (Math.Sign(dy) * (y - card.Y))) / Math.Abs(dy);
        var reach = Math.Min(reachX, reachY);
        return new GraphPoint(x + (dx * reach), y + (dy * reach));
    }
}
