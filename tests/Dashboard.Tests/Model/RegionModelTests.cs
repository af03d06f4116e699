using Quorate.Contracts.Regions;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class RegionModelTests
{
    [Fact]
    public void Hue_WhateverTheOrderOfConfiguration_IsTheSame()
    {
        var (one, other) = (RegionExamples.Three(), RegionExamples.Regions([RegionExamples.Region("ap"), RegionExamples.Region("eu"), RegionExamples.Region("us")]));

        Assert.All(new[] { "eu", "us", "ap" }, id => Assert.Equal(one.Hue(id), other.Hue(id)));
        Assert.Equal(3, one.Regions.Select(region => one.Hue(region.Id)).Distinct().Count());
    }

    [Fact]
    public void Hue_OfARegionNotKnownYet_IsNobodyElses() => Assert.Equal("hue-none", RegionViews.Hue(null, "us"));

    [Fact]
    public void Drawing_ThreeRegions_HasAnArrowForEachDirectionAndNoTwoOnTheSameLine()
    {
        var drawing = RegionDrawing.Of(RegionExamples.Three());

        Assert.Equal(6, drawing.Arrows.Count);
        foreach (var arrow in drawing.Arrows)
        {
            var back = drawing.Arrows.Single(other => other.Link.From == arrow.Link.To && other.Link.To == arrow.Link.From);
            Assert.True(Distance(arrow.Start, back.End) > 15, "both directions run beside each other");
            Assert.True(Distance(arrow.Label, back.Label) > 20, "and so do their words");
        }
    }

    [Theory]
    [InlineData(2, false), InlineData(3, false), InlineData(5, false), InlineData(9, false), InlineData(16, false)]
    [InlineData(2, true), InlineData(3, true), InlineData(4, true), InlineData(16, true)]
    public void Drawing_AnyNumber_KeepsCardsApartAndInside(int count, bool narrow)
    {
        var drawing = RegionDrawing.Of(RegionExamples.Regions([.. Enumerable.Range(0, count).Select(i => RegionExamples.Region($"r{i}"))]), narrow);

        Assert.All(drawing.Cards, card =>
        {
            Assert.InRange(card.X, RegionDrawing.CardWidth / 2, drawing.Width - (RegionDrawing.CardWidth / 2));
            Assert.InRange(card.Y, RegionDrawing.CardHeight / 2, drawing.Height - (RegionDrawing.CardHeight / 2));
            Assert.All(drawing.Cards.Where(other => other != card), other => Assert.True(
                Math.Abs(other.X - card.X) >= RegionDrawing.CardWidth || Math.Abs(other.Y - card.Y) >= RegionDrawing.CardHeight,
                $"{card.Region.Id} and {other.Region.Id} overlap"));
        });
    }

    [Theory]
    [InlineData(RegionPhases.Disconnected, "Waiting,Waiting,Waiting,Waiting,Waiting,Waiting")]
    [InlineData(RegionPhases.Fetching, "Now,Waiting,Waiting,Waiting,Waiting,Waiting")]
    [InlineData(RegionPhases.Comparing, "Done,Now,Now,Waiting,Waiting,Waiting")]
    [InlineData(RegionPhases.Applying, "Done,Done,Done,Now,Now,Waiting")]
    [InlineData(RegionPhases.Pushing, "Done,Done,Done,Done,Done,Now")]
    [InlineData(RegionPhases.Copying, "Now,Waiting,Waiting,Waiting,Waiting,Waiting")]
    [InlineData(RegionPhases.Streaming, "Done,Done,Done,Done,Done,Done")]
    public void Steps_Phase_ShowsWhatIsDoneAndUnderWay(string phase, string states) =>
        Assert.Equal(states, string.Join(',', ReconnectStep.Of(phase).Select(step => step.State)));

    [Theory]
    [InlineData(-60_000, Severity.Healthy)]
    [InlineData(4_999, Severity.Healthy)]
    [InlineData(5_000, Severity.Warning)]
    [InlineData(10_000, Severity.Warning)]
    [InlineData(10_001, Severity.Critical)]
    public void Clock_Offset_IsHeldAgainstTheBudget(long offset, Severity severity) =>
        Assert.Equal(severity, HybridClock.Of(RegionExamples.Region("eu", offsetMs: offset), 10_000).Severity);

    [Theory, InlineData("1772323200000.7", 7L), InlineData("soon", null), InlineData("-1.0", null), InlineData("99999999999999999.0", null)]
    public void Clock_Text_IsTakenApartOrShownAsItIs(string text, long? counter) => Assert.Equal(counter, HybridClock.Parse(text).Logical);

    [Fact]
    public void Stamp_QueueGrows_IsAnother() =>
        Assert.NotEqual(RegionExamples.Region("eu").Stamp(), RegionExamples.Region("eu", queue: 1).Stamp());

    [Fact]
    public void Seconds_ShorterThanOne_AreMilliseconds() => Assert.Equal("420\u202fms", Format.Seconds(0.42));

    private static double Distance(GraphPoint a, GraphPoint b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));
}
