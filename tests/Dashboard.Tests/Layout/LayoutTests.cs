using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Components.Layout;
using Quorate.Dashboard.Resources;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Layout;

public class LayoutTests : ConsoleContext
{
    [Fact]
    public void Frame_AfterFirstRender_IsReadyAndFollowsTheFeed()
    {
        var layout = Frame();

        ShowCluster(Examples.Cluster());

        Eventually(layout, () => Assert.Equal("true", Find(layout, "frame").GetAttribute("data-ready")));
        Eventually(layout, () => Assert.Contains("3 of 3 voters healthy, survives 1 failure, leader n2", Find(layout, "quorum-sentence").TextContent));
        Assert.Equal("polite", Find(layout, "quorum-sentence").GetAttribute("aria-live"));
        Assert.Contains("demo", Find(layout, "environment-badge").TextContent);
        Eventually(layout, () => Assert.Equal("connected", Find(layout, "live-indicator").GetAttribute("data-state")));
    }

    [Fact]
    public void Badge_ColourThatIsNone_DoesNotReachTheStyle()
    {
        var layout = Frame();

        ShowCluster(Examples.Cluster() with { Environment = new EnvironmentBadge("prod", "red;background:url(//evil)") });

        Eventually(layout, () => Assert.Contains("prod", Find(layout, "environment-badge").TextContent));
        Assert.Equal("--badge:gray", Find(layout, "environment-badge").GetAttribute("style"));
    }

    [Fact]
    public void Region_OneOfSeveral_StandsBesideTheEnvironment()
    {
        var layout = Frame();
        ShowCluster(Examples.Cluster());
        Eventually(layout, () => Assert.Contains("term 7", Find(layout, "quorum-sentence").TextContent));
        Assert.Empty(All(layout, "region-badge"));

        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));

        Eventually(layout, () => Assert.Equal("local", Find(layout, "region-badge").TextContent.Trim()));
    }

    [Fact]
    public void Navigation_NothingWrong_CarriesNoBadge()
    {
        var layout = Frame();
        ShowCluster(Examples.Cluster());
        Eventually(layout, () => Assert.Contains("term 7", Find(layout, "quorum-sentence").TextContent));

        Assert.Empty(All(layout, "nav-topology-badge"));
        Assert.Empty(All(layout, "nav-locks-badge"));
    }

    [Fact]
    public void Navigation_NodeDownAndLongWait_CountsThem()
    {
        var layout = Frame();

        ShowCluster(Examples.Cluster(healthy: 2));
        Feed.Snapshot(Topics.Locks, new LocksPayload([Examples.Lock("a", "w", "waits-45-s"), Examples.Lock("b")], [], 2));

        Eventually(layout, () => Assert.Equal("1", Find(layout, "nav-topology-badge").TextContent));
        Eventually(layout, () => Assert.Equal("1", Find(layout, "nav-locks-badge").TextContent));
    }

    [Fact]
    public void Banner_ConnectionLost_CountsDownAndOffersToRetry()
    {
        var layout = Frame();
        Assert.Empty(All(layout, "connection-banner"));

        Feed.Lose(TimeSpan.FromSeconds(3));

        Assert.Contains("lost at 14:03:20", Find(layout, "connection-banner").TextContent);
        Eventually(layout, () => Assert.Contains("Next attempt in 3\u202fs", Find(layout, "connection-banner").TextContent));
        Eventually(layout, () => Assert.Contains("Reconnecting in 3\u202fs", Find(layout, "live-indicator").TextContent));

        Press(layout, "retry-now");
        Assert.Equal(1, Feed.Retries);

        Feed.Reconnect();
        Eventually(layout, () => Assert.Empty(All(layout, "connection-banner")));
    }

    [Fact]
    public void Palette_Opened_FindsPagesNodesLocksAndKeys()
    {
        Gateway.Answer("GET", "/api/v1/kv?prefix=n&limit=6", new Page<KeyView>([Examples.Key("names/x")], null));
        var layout = Frame();
        ShowCluster(Examples.Cluster());
        Feed.Snapshot(Topics.Locks, new LocksPayload([Examples.Lock("nightly")], [], 1));
        Eventually(layout, () => Assert.NotEmpty(Live.Store.Locks));

        Press(layout, "command-palette-open");
        Type(layout, "palette-input", "n");

        Eventually(layout, () => Assert.Contains(All(layout, "palette-item"), item => item.TextContent.Contains("names/x")));
        Assert.Contains(All(layout, "palette-item"), item => item.TextContent.Contains("nightly"));
        Assert.Contains(All(layout, "palette-item"), item => item.TextContent.StartsWith("n1"));
    }

    [Fact]
    public void Palette_SeveralRegions_FindsDocumentsInConflict()
    {
        Gateway.Answer("GET", "/api/v1/kv?prefix=al&limit=6", new Page<KeyView>([], null));
        Gateway.Answer("GET", "/api/v1/conflicts?prefix=al&limit=6", new Page<ConflictView>([RegionExamples.Conflict()], null));
        var layout = Frame();
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));
        Eventually(layout, () => Assert.NotNull(Live.Store.Regions));

        Press(layout, "command-palette-open");
        Type(layout, "palette-input", "al");

        Eventually(layout, () => Assert.Contains(All(layout, "palette-item"), item => item.TextContent.Contains("customers / alice")));
        for (var down = All(layout, "palette-item").Count - 1; down > 0; down--)
        {
            Act(layout, "palette-input", input => input.KeyDown(new KeyboardEventArgs { Key = "ArrowDown" }));
        }

        Act(layout, "palette-input", input => input.KeyDown(new KeyboardEventArgs { Key = "Enter" }));
        Assert.Equal("/conflicts/detail?conflict=c1", Address);
    }

    [Fact]
    public void Palette_Enter_GoesToTheMarkedEntry()
    {
        var layout = Frame();
        Press(layout, "command-palette-open");

        Act(layout, "palette-input", input => input.KeyDown(new KeyboardEventArgs { Key = "ArrowDown" }));
        Act(layout, "palette-input", input => input.KeyDown(new KeyboardEventArgs { Key = "Enter" }));

        Assert.Equal("/topology", Address);
        Assert.Empty(All(layout, "command-palette"));
    }

    [Fact]
    public void Frame_Chinese_SpeaksIt()
    {
        Services.GetRequiredService<Text>().Language = Text.Chinese;

        var layout = Frame();

        Assert.Contains("拓扑", Find(layout, "nav-topology").TextContent);
        Assert.Equal("en", Find(layout, "language-toggle").GetAttribute("data-language"));
    }

    private IRenderedComponent<MainLayout> Frame() =>
        Render<MainLayout>(parameters => parameters.Add(layout => layout.Body, (RenderFragment)(builder => builder.AddMarkupContent(0, "<h1>page</h1>"))));
}
