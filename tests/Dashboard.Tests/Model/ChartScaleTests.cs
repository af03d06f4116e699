using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class ChartScaleTests
{
    [Fact]
    public void For_NoValues_HasNothingToDraw() =>
        Assert.Null(ChartScale.For([Line((0, null), (1, double.NaN))], 100, 10));

    [Fact]
    public void For_Values_StartsAtZeroAndEndsOnARoundFigure()
    {
        var scale = ChartScale.For([Line((0, 800), (60, 1200))], 100, 10)!;

        Assert.Equal((2000d, 10d, 0d), (scale.Top, scale.Y(0), scale.Y(2000)));
    }

    [Fact]
    public void Path_Gap_LiftsThePen()
    {
        var line = Line((0, 10), (30, null), (60, 10));

        Assert.Equal("M0 0M100 0", ChartScale.For([line], 100, 10)!.Path(line.Samples));
    }

    [Fact]
    public void For_GapsAtTheEnds_KeepsTheirTime()
    {
        var scale = ChartScale.For([Line((0, null), (60, 5), (120, null))], 100, 10)!;

        Assert.Equal(TimeSpan.FromSeconds(120), scale.To - scale.From);
    }

    [Fact]
    public void For_AllZero_DrawsOnTheGround()
    {
        var line = Line((0, 0), (60, 0));

        Assert.Equal("M0 10L100 10", ChartScale.For([line], 100, 10)!.Path(line.Samples));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(11, 20)]
    [InlineData(2001, 5000)]
    public void RoundUp_Value_GivesOneTwoOrFive(double value, double expected) => Assert.Equal(expected, ChartScale.RoundUp(value), 9);

    [Fact]
    public void Mean_Samples_KeepTheirPlaceWhenMoreCome()
    {
        var step = TimeSpan.FromSeconds(3);
        var few = Line((0, 1), (1, 3)).Samples;
        var more = Line((0, 1), (1, 3), (4, 9)).Samples;

        Assert.Equal(Resampling.Mean(few, step)[0], Resampling.Mean(more, step)[0]);
    }

    private static Series Line(params (int Second, double? Value)[] samples) => new(
        "s", "s", "", value => Format.Number(value), [.. samples.Select(sample => new Sample(Examples.Now.AddSeconds(sample.Second - 20), sample.Value))]);
}
