using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <param name="X">Of the middle.</param>
public sealed record RegionCard(RegionView Region, double X, double Y);

/// <summary>One direction between two regions.</summary>
/// <param name="Cross">Where the cross of a cut link stands.</param>
/// <param name="Label">Where its words stand.</param>
public sealed record RegionArrow(RegionLinkView Link, GraphPoint Start, GraphPoint End, GraphPoint Cross, GraphPoint Label);

/// <summary>Regions in a circle in the order of the configuration, each direction between two of them an arrow of its own.</summary>
public sealed record RegionDrawing(double Width, double Height, IReadOnlyList<RegionCard> Cards, IReadOnlyList<RegionArrow> Arrows, bool Labelled)
{
    public const double CardWidth = 184;
    public const double CardHeight = 78;

    /// <summary>With more regions than these the arrows cross too often for each to carry words; the table has them.</summary>
    public const int MaxLabelled = 4;

    private const double Margin = 2;

    /// <summary>How far an arrow runs beside the straight line, so that both directions can be told apart.</summary>
    private const double Aside = 11;

    /// <summary>The words stand nearer to where the changes come from.</summary>
    private const double LabelAt = 0.36;

    private const double CrossAt = 0.74;

    private const double NarrowWidth = 340;
    private const double NarrowRow = 168;

    /// <param name="narrow">For a phone: each card in a row of its own, in turn at the left and at the right. With many regions it stays wide and is scrolled.</param>
    public static RegionDrawing Of(RegionsView view, bool narrow = false)
    {
        var count = view.Regions.Count;
        narrow = narrow && count <= MaxLabelled;
        var (width, height) = count switch
        {
            _ when narrow => (NarrowWidth, (Math.Max(1, count) - 1) * NarrowRow + CardHeight + (2 * Margin)),
            <= 2 => (720d, CardHeight + 44),
            3 => (760d, 300d),
            _ => (760 + (60d * Math.Max(0, count - 6)), 400 + (70d * Math.Max(0, count - 6))),
        };
        List<string> ids = [.. view.Regions.Select(region => region.Id)];
        var points = narrow
            ? ids.Index().ToDictionary(each => each.Item, each => InTurn(each.Index))
            : GraphLayout.Place(ids, width, height, (CardWidth / 2) + Margin, (CardHeight / 2) + Margin);
        var cards = view.Regions.Select(region => new RegionCard(region, points[region.Id].X, points[region.Id].Y)).ToList();
        var arrows = view.Links
            .Where(link => link.From != link.To && points.ContainsKey(link.From) && points.ContainsKey(link.To))
            .Select(link => Arrow(link, points[link.From], points[link.To]));
        return new RegionDrawing(width, height, cards, [.. arrows], count <= MaxLabelled);
    }

    private static GraphPoint InTurn(int index)
    {
        var fromEdge = (CardWidth / 2) + Margin;
        return new GraphPoint(index % 2 == 0 ? fromEdge : NarrowWidth - fromEdge, (CardHeight / 2) + Margin + (index * NarrowRow));
    }

    private static RegionArrow Arrow(RegionLinkView link, GraphPoint from, GraphPoint to)
    {
        var (start, end) = (Border(from, to, Aside), Border(to, from, -Aside));
        return new RegionArrow(link, start, end, Between(start, end, CrossAt), Between(start, end, LabelAt));
    }

    private static GraphPoint Between(GraphPoint start, GraphPoint end, double share) =>
        new(start.X + ((end.X - start.X) * share), start.Y + ((end.Y - start.Y) * share));

    /// <summary>Where the arrow to or from the other card crosses this one's border.</summary>
    private static GraphPoint Border(GraphPoint card, GraphPoint other, double aside)
    {
        var (dx, dy) = (other.X - card.X, other.Y - card.Y);
        var length = Math.Max(1e-9, Math.Sqrt((dx * dx) + (dy * dy)));
        var (x, y) = (card.X - (dy / length * aside), card.Y + (dx / length * aside));
        var reachX = Math.Abs(dx) < 1e-9 ? double.MaxValue : ((CardWidth / 2) - (Math.Sign(dx) * (x - card.X))) / Math.Abs(dx);
        var reachY = Math.Abs(dy) < 1e-9 ? double.MaxValue : ((CardHeight / 2) - (Math.Sign(dy) * (y - card.Y))) / Math.Abs(dy);
        var reach = Math.Min(reachX, reachY);
        return new GraphPoint(x + (dx * reach), y + (dy * reach));
    }
}
