using Quorate.Contracts.Regions;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class CausalDrawingTests
{
    [Fact]
    public void Of_TwoVersions_BothFollowTheAncestorAndNeitherTheOther()
    {
        var drawing = CausalDrawing.Of(RegionExamples.Conflict());

        Assert.Equal(["ancestor", "eu", "us"], drawing.Nodes.Select(node => node.Id));
        Assert.Equal(["ancestor>eu", "ancestor>us"], drawing.Arrows.Select(arrow => $"{arrow.From}>{arrow.To}").Order());
        Assert.Equal(2, drawing.Nodes[0].Clock["eu"]);
        Assert.Equal(2, drawing.Nodes[0].Clock["us"]);
    }

    [Fact]
    public void Of_Settled_TheSettlementFollowsBothVersionsDirectly()
    {
        var drawing = CausalDrawing.Of(RegionExamples.Conflict(settlements: [RegionExamples.Settlement(eu: 4), RegionExamples.Settlement(SettlementKinds.Undone, eu: 5)]));

        Assert.Equal(
            ["ancestor>eu", "ancestor>us", "eu>settlement-0", "settlement-0>settlement-1", "us>settlement-0"],
            drawing.Arrows.Select(arrow => $"{arrow.From}>{arrow.To}").Order());
        Assert.True(drawing.Nodes.Zip(drawing.Nodes.Skip(1)).All(pair => pair.Second.X - pair.First.X >= CausalDrawing.CardWidth));
    }

    [Fact]
    public void Of_NothingInCommon_HasNoAncestor()
    {
        var conflict = RegionExamples.Conflict();
        var drawing = CausalDrawing.Of(conflict with
        {
            Versions = [conflict.Versions[0] with { Clock = new Dictionary<string, long> { ["eu"] = 1 } }, conflict.Versions[1] with { Clock = new Dictionary<string, long> { ["us"] = 1 } }],
        });

        Assert.Equal(["eu", "us"], drawing.Nodes.Select(node => node.Id));
        Assert.Empty(drawing.Arrows);
    }
}
