namespace Quorate.Dashboard.Model;

/// <summary>The same cards below each other, for a phone: whoever waits stands below whom it waits for, a little further in.</summary>
public sealed partial record WaitDrawing
{
    private const double NarrowGap = 26;
    private const double Indent = 28;

    /// <summary>Deeper than this a card does not go further in; the arrow still says whom it waits for.</summary>
    private const int MaxIndents = 4;

    /// <summary>From the left edge of a card to the arrows that come up to it.</summary>
    private const double Trunk = 12;

    /// <summary>What a letter of a label takes.</summary>
    private const double Letter = 6.6;

    /// <summary>Two lines of labels between two cards, where an arrow leads down as well.</summary>
    private const double NarrowGapWithDown = 42;

    /// <param name="labelLength">Letters that are shown of a label at most.</param>
    public WaitDrawing Narrow(int labelLength)
    {
        var order = new List<(WaitCard Card, int Depth)>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in Cards.Where(card => Arrows.All(arrow => arrow.From != card.Owner)).Concat(Cards))
        {
            Visit(root, 0);
        }

        var rows = order.Index().ToDictionary(row => row.Item.Card.Owner, row => row.Index);
        var gap = Arrows.Any(arrow => rows[arrow.From] < rows[arrow.To]) ? NarrowGapWithDown : NarrowGap;
        var cards = order.Index().ToDictionary(
            row => row.Item.Card.Owner,
            row => row.Item.Card with
            {
                X = Margin + (CardWidth / 2) + (Indent * Math.Min(row.Item.Depth, MaxIndents)),
                Y = Margin + (CardHeight / 2) + (row.Index * (CardHeight + gap)),
            });
        var right = cards.Values.Max(card => card.X) + (CardWidth / 2) + Trunk;
        var arrows = Arrows.Select(arrow => rows[arrow.From] > rows[arrow.To]
            ? Up(arrow, cards[arrow.From], cards[arrow.To], Letters(arrow))
            : Down(arrow, cards[arrow.From], cards[arrow.To], right, Letters(arrow)));
        return this with
        {
            Width = Math.Max(right + Margin, Margin + CardWidth + (Indent * MaxIndents) + Trunk),
            Height = (2 * Margin) + (order.Count * (CardHeight + gap)) - gap,
            Cards = [.. order.Select(row => cards[row.Card.Owner])],
            Arrows = [.. arrows],
        };

        double Letters(WaitArrow arrow) => Math.Min(arrow.Label.Length, labelLength) * Letter / 2;

        void Visit(WaitCard card, int depth)
        {
            if (!visited.Add(card.Owner))
            {
                return;
            }

            order.Add((card, depth));
            foreach (var waiter in Arrows.Where(arrow => arrow.To == card.Owner).Select(arrow => arrow.From))
            {
                Visit(Cards.First(each => each.Owner == waiter), depth + 1);
            }
        }
    }

    /// <summary>From the left of the lower card to a trunk, and up to the bottom of the upper one.</summary>
    private static WaitArrow Up(WaitArrow arrow, WaitCard from, WaitCard to, double half)
    {
        var left = from.X - (CardWidth / 2);
        var trunk = Math.Min(to.X - (CardWidth / 2) + Trunk, left - Margin);
        return arrow with
        {
            Start = new GraphPoint(left, from.Y),
            Bends = [new GraphPoint(trunk, from.Y)],
            End = new GraphPoint(trunk, to.Y + (CardHeight / 2)),
            Place = new GraphPoint(trunk + 8 + half, from.Y - (CardHeight / 2) - 9),
        };
    }

    /// <summary>Round the right side of everything in between.</summary>
    private static WaitArrow Down(WaitArrow arrow, WaitCard from, WaitCard to, double right, double half) => arrow with
    {
        Start = new GraphPoint(from.X + (CardWidth / 2), from.Y),
        Bends = [new GraphPoint(right, from.Y), new GraphPoint(right, to.Y)],
        End = new GraphPoint(to.X + (CardWidth / 2), to.Y),
        Place = new GraphPoint(right - 8 - half, to.Y - (CardHeight / 2) - 26),
    };
}
