using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class GraphLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Place_AnyCount_StaysInsideTheMarginsAndApart(int count)
    {
        var nodes = Enumerable.Range(1, count).Select(id => Examples.Node($"n{id}")).ToList();
        var points = GraphLayout.Place(nodes, 700, 260, 100, 40).Values.ToList();

        Assert.All(points, point => Assert.True(point.X is >= 100 and <= 600 && point.Y is >= 40 and <= 220, point.ToString()));
        Assert.Equal(count, points.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Room_AnyCount_KeepsCardsFromTouching(int count)
    {
        const double CardWidth = 196;
        const double CardHeight = 76;
        var nodes = Enumerable.Range(1, count).Select(id => Examples.Node($"n{id}")).ToList();
        var (width, height) = GraphLayout.Room(count);
        var points = GraphLayout.Place(nodes, width, height, (CardWidth / 2) + 2, (CardHeight / 2) + 2).Values.ToList();

        var touching = points.SelectMany((a, i) => points.Skip(i + 1).Select(b => (a, b)))
            .Where(pair => Math.Abs(pair.a.X - pair.b.X) < CardWidth && Math.Abs(pair.a.Y - pair.b.Y) < CardHeight);
        Assert.Empty(touching);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void PlaceNarrow_AnyCount_FitsAPhoneAndKeepsCardsFromTouching(int count)
    {
        const double CardWidth = 196;
        const double CardHeight = 76;
        var nodes = Enumerable.Range(1, count).Select(id => Examples.Node($"n{id}")).ToList();
        var (width, height) = GraphLayout.NarrowRoom(count);
        var points = GraphLayout.PlaceNarrow(nodes, (CardWidth / 2) + 2, (CardHeight / 2) + 2).Values.ToList();

        Assert.True(width <= 340);
        Assert.All(points, point => Assert.InRange(point.X, CardWidth / 2, width - (CardWidth / 2)));
        Assert.All(points, point => Assert.InRange(point.Y, CardHeight / 2, height - (CardHeight / 2)));
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.Second.Y - pair.First.Y > CardHeight));
    }

    [Fact]
    public void Place_OtherOrder_LeavesEachNodeWhereItWas()
    {
        List<NodeView> nodes = [Examples.Node("n1"), Examples.Node("n2"), Examples.Node("n3")];
        var before = GraphLayout.Place(nodes, 700, 260, 100, 40);
        nodes.Reverse();

        Assert.Equal(before["n1"], GraphLayout.Place(nodes, 700, 260, 100, 40)["n1"]);
    }

    [Fact]
    public void Edges_TwoDirections_ShowTheWorse()
    {
        var edge = Assert.Single(GraphLayout.Edges([new("n1", "n2", LinkStates.Up, 0.5), new("n2", "n1", LinkStates.Cut, null)]));

        Assert.Equal(new GraphEdge("n1", "n2", LinkStates.Cut, 0.5), edge);
    }
}
