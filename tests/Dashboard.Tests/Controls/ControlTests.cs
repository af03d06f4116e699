using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Controls;

public class ControlTests : ConsoleContext
{
    [Fact]
    public void StatusChip_Any_HasIconWordAndTone()
    {
        var chip = Render<StatusChip>(p => p.Add(c => c.Tone, "critical").Add(c => c.IconName, "critical").Add(c => c.Word, "isolated"));

        Assert.NotNull(chip.Find("svg"));
        Assert.Equal("isolated", chip.Find(".chip.critical").TextContent);
    }

    [Fact]
    public void Icon_UnknownName_StillDraws() =>
        Assert.NotEmpty(Render<Icon>(p => p.Add(c => c.Name, "warlord")).Find("svg").InnerHtml);

    [Fact]
    public void Countdown_Over_SaysDue() =>
        Assert.Equal("due", Render<Countdown>(p => p.Add(c => c.Until, Examples.Now.AddSeconds(-1))).Find("time").TextContent);

    [Fact]
    public void Countdown_NoEnd_SaysNever() =>
        Assert.Equal("with session", Render<Countdown>(p => p.Add(c => c.Until, null).Add(c => c.Never, "with session")).Find("span").TextContent);

    [Fact]
    public void RelativeTime_Past_HasTheAbsoluteInTheTooltip()
    {
        var time = Render<RelativeTime>(p => p.Add(c => c.At, Examples.Now.AddSeconds(-192))).Find("time");

        Assert.Equal("3\u202fm\u202f12\u202fs ago", time.TextContent);
        Assert.Equal("2026-03-01 14:00:08.000 +00:00", time.GetAttribute("title"));
    }

    [Fact]
    public void CopyButton_Clicked_CopiesAndSaysSo()
    {
        var module = JSInterop.SetupModule("./_content/Quorate.Dashboard/dashboard.js");
        var copy = module.Setup<bool>("copy", "n1").SetResult(true);
        var button = Render<CopyButton>(p => p.Add(c => c.Value, "n1"));

        button.Find("button").Click();

        Assert.Contains("Copied", button.Find("[role=status]").TextContent);
        Assert.Single(copy.Invocations);
    }

    [Fact]
    public void EmptyState_WithExample_ShowsTheCommand()
    {
        var empty = Render<EmptyState>(p => p.Add(c => c.Title, "None").Add(c => c.Explanation, "Make one:").Add(c => c.Example, "curl x"));

        Assert.Equal("curl x", empty.Find("code").TextContent);
    }

    [Fact]
    public void SidePanel_Close_IsWhatEscapePresses()
    {
        var closed = false;
        var panel = Render<SidePanel>(p => p.Add(c => c.Title, "a").Add(c => c.TestId, "panel").Add(c => c.OnClose, () => closed = true));

        panel.Find("[data-dismiss]").Click();

        Assert.True(closed);
    }

    [Fact]
    public void Tile_TopicArrives_ReplacesTheSkeleton()
    {
        Live.Start();
        var tile = Render<Tile>(p => p.Add(c => c.Title, "T").Add(c => c.Topic, Topics.Kv).Add(c => c.TestId, "t").AddChildContent("<b>42</b>"));
        Assert.Empty(tile.FindAll("b"));

        Feed.Snapshot(Topics.Kv, new KvPayload([], [], 42));
        Eventually(tile, () => Assert.Equal(FreshnessKind.Live, Live.Freshness(Topics.Kv).Kind));
        tile.Render();

        Assert.Equal("42", tile.Find("b").TextContent);
    }

    [Fact]
    public void TimeChart_NoSamples_SaysSo() =>
        Assert.Contains("No samples in this range", Chart([]).Markup);

    [Fact]
    public void TimeChart_Samples_ShowEveryLineAtEachInstant()
    {
        var chart = Chart([new Sample(Examples.Now.AddSeconds(-60), 10), new Sample(Examples.Now, 20)]);

        Assert.Equal(2, chart.FindAll(".instant").Count);
        Assert.Contains("14:03:20", chart.FindAll(".instant .values")[1].TextContent);
        Assert.Contains("20\u202f/s", chart.FindAll(".instant .values")[1].TextContent);
        Assert.Single(chart.FindAll("path.mark"));
    }

    [Fact]
    public void Sparkline_Samples_DrawOneLine()
    {
        var line = Render<Sparkline>(p => p.Add(c => c.Series, Line([new Sample(Examples.Now.AddSeconds(-60), 1), new Sample(Examples.Now, 2)])));

        Assert.Equal("M0 12L120 0", line.Find("path").GetAttribute("d"));
    }

    private IRenderedComponent<TimeChart> Chart(IReadOnlyList<Sample> samples) => Render<TimeChart>(p => p
        .Add(c => c.Series, [Line(samples)])
        .Add(c => c.Marks, [new ChartMark(Examples.Now.AddSeconds(-30), "elected"), new ChartMark(Examples.Now.AddHours(-1), "long ago")]));

    private static Series Line(IReadOnlyList<Sample> samples) => new("Writes", "writes", "", Format.PerSecond, samples);
}
