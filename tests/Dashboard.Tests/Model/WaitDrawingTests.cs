using Quorate.Contracts.Locks;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Tests.Model;

public class WaitDrawingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Graph_AQueue_DrawsOneArrowToTheHolderForEachWaiter()
    {
        var drawing = WaitDrawing.Of(Graph(
            new WaitEdge("second", "holder", "a", "exclusive", Now),
            new WaitEdge("third", "holder", "a", "exclusive", Now),
            new WaitEdge("third", "second", "a", "exclusive", Now, Ahead: true)));

        Assert.Equal([("second", "holder", "a"), ("third", "holder", "a")], drawing.Arrows.Select(arrow => (arrow.From, arrow.To, arrow.Label)));
    }

    [Fact]
    public void Graph_AFreeLockThatSomebodyAheadWaitsFor_DrawsWhoIsNextBefore()
    {
        var drawing = WaitDrawing.Of(Graph(
            new WaitEdge("third", "first", "a", "exclusive", Now, Ahead: true),
            new WaitEdge("third", "second", "a", "exclusive", Now, Ahead: true)));

        Assert.Equal("second", Assert.Single(drawing.Arrows).To);
    }

    [Fact]
    public void Graph_AChain_StandsFromLeftToRight()
    {
        var drawing = WaitDrawing.Of(Graph(
            new WaitEdge("c", "b", "1", "exclusive", Now),
            new WaitEdge("b", "a", "2", "exclusive", Now)));

        Assert.Equal(["c", "b", "a"], drawing.Cards.OrderBy(card => card.X).Select(card => card.Owner));
        Assert.All(drawing.Cards, card => Assert.InRange(card.X, WaitDrawing.CardWidth / 2, drawing.Width - (WaitDrawing.CardWidth / 2)));
        Assert.All(drawing.Cards, card => Assert.InRange(card.Y, WaitDrawing.CardHeight / 2, drawing.Height - (WaitDrawing.CardHeight / 2)));
    }

    [Fact]
    public void Graph_SeveralLocksBetweenTwo_ShareAnArrow()
    {
        var drawing = WaitDrawing.Of(Graph(
            new WaitEdge("b", "a", "1", "exclusive", Now),
            new WaitEdge("b", "a", "2", "exclusive", Now)));

        Assert.Equal("1 +1", Assert.Single(drawing.Arrows).Label);
    }

    [Fact]
    public void Graph_MoreOwnersThanFit_SaysHowManyAreLeft()
    {
        var drawing = WaitDrawing.Of(Graph([.. Enumerable.Range(0, 60).Select(i => new WaitEdge($"w{i:00}", "a", "1", "exclusive", Now))]));

        Assert.Equal((WaitDrawing.MaxCards, 21), (drawing.Cards.Count, drawing.Left));
        Assert.Equal(WaitDrawing.MaxCards - 1, drawing.Arrows.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Deadlock_AnyCycle_ShowsTheVictimAndItsRefusedRequestAndNoCardsTouch(int owners)
    {
        var cycle = Enumerable.Range(0, owners).Select(i => new DeadlockStep($"o{i}", $"l{i}", $"o{(i + 1) % owners}")).ToList();

        var drawing = WaitDrawing.Of(new PastDeadlock(Now, 7, "o0", "l0", cycle));

        Assert.Equal("o0", Assert.Single(drawing.Cards, card => card.IsVictim).Owner);
        Assert.Equal(("o0", "o1"), Assert.Single(drawing.Arrows, arrow => arrow.Kind == "refused") is var refused ? (refused.From, refused.To) : default);
        Assert.Equal(owners - 1, drawing.Arrows.Count(arrow => arrow.Kind == "cycle"));
        foreach (var (one, other) in drawing.Cards.SelectMany((_, i) => drawing.Cards.Skip(i + 1), (one, other) => (one, other)))
        {
            Assert.True(
                Math.Abs(one.X - other.X) >= WaitDrawing.CardWidth || Math.Abs(one.Y - other.Y) >= WaitDrawing.CardHeight,
                $"{one} and {other} lie on each other");
        }
    }

    [Fact]
    public void Narrow_AQueueAndAChain_FitAPhoneAndNoArrowCrossesACard() => AssertFits(WaitDrawing.Of(Graph(
        new WaitEdge("b", "a", "1", "exclusive", Now),
        new WaitEdge("c", "a", "1", "exclusive", Now),
        new WaitEdge("d", "b", "2", "exclusive", Now),
        new WaitEdge("e", "c", "3", "exclusive", Now),
        new WaitEdge("f", "e", "4", "exclusive", Now),
        new WaitEdge("x", "y", "5", "exclusive", Now))).Narrow(20));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Narrow_AnyCycle_FitsAPhoneAndNoArrowCrossesACard(int owners)
    {
        var cycle = Enumerable.Range(0, owners).Select(i => new DeadlockStep($"o{i}", $"l{i}", $"o{(i + 1) % owners}")).ToList();

        var drawing = WaitDrawing.Of(new PastDeadlock(Now, 7, "o0", "l0", cycle)).Narrow(20);

        AssertFits(drawing);
        Assert.Equal("o0", Assert.Single(drawing.Cards, card => card.IsVictim).Owner);
        Assert.Equal(owners, drawing.Arrows.Count);
    }

    private static void AssertFits(WaitDrawing drawing)
    {
        Assert.True(drawing.Width <= 340, $"{drawing.Width} is wider than a phone");
        Assert.All(drawing.Cards, card => Assert.InRange(card.X, WaitDrawing.CardWidth / 2, drawing.Width - (WaitDrawing.CardWidth / 2)));
        Assert.All(drawing.Cards.Zip(drawing.Cards.Skip(1)), pair => Assert.True(pair.Second.Y - pair.First.Y > WaitDrawing.CardHeight));
        foreach (var arrow in drawing.Arrows)
        {
            var line = arrow.Bends.Prepend(arrow.Start).Append(arrow.End).ToList();
            foreach (var (a, b) in line.Zip(line.Skip(1)))
            {
                Assert.DoesNotContain(drawing.Cards, card =>
                    Math.Max(a.X, b.X) > card.X - (WaitDrawing.CardWidth / 2) && Math.Min(a.X, b.X) < card.X + (WaitDrawing.CardWidth / 2)
                    && Math.Max(a.Y, b.Y) > card.Y - (WaitDrawing.CardHeight / 2) && Math.Min(a.Y, b.Y) < card.Y + (WaitDrawing.CardHeight / 2));
            }
        }
    }

    private static WaitGraph Graph(params WaitEdge[] edges) => new(
        [.. edges.SelectMany(edge => new[] { edge.Waiter, edge.Holder }).Distinct().Select(owner => new WaitNode(owner, [], []))], edges, null, []);
}
