using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Who led when: a lane per node, a bar per term, and where nobody led. Pointing at a bar shows the term without asking the server.</summary>
public partial class TermChart(Text text, Clock clock)
{
    private const int GapHeight = 24;
    private const int LaneHeight = 34;
    private const int Inset = 6;

    /// <summary>Per cent of the width from which a bar carries its number.</summary>
    private const double NumberWidth = 3;

    [Parameter, EditorRequired]
    public required TermTimeline Timeline { get; set; }

    /// <summary>Number of the selected term.</summary>
    [Parameter]
    public long? Selected { get; set; }

    [Parameter]
    public EventCallback<long> OnSelect { get; set; }

    private Text Text => text;

    private Clock Clock => clock;

    private int Height => GapHeight + (LaneHeight * Timeline.Lanes.Count);

    private string Summary => text["Leaders.ChartSummary", Timeline.Lanes.Sum(lane => lane.Bars.Count), Timeline.Gaps.Count];

    private static int Top(int lane) => GapHeight + (LaneHeight * lane);

    private string GapWords(LeaderGap gap) => gap.EndedBy is { } term
        ? text["Leaders.GapEnded", Format.Milliseconds(gap.Duration.TotalMilliseconds), term.Leader, Format.Number(term.Term)]
        : text["Leaders.GapLasts", Format.Milliseconds(gap.Duration.TotalMilliseconds)];

    private string Words(LeaderTerm term) => text["Leaders.BarWords", Format.Number(term.Term), term.Leader, clock.Second(term.From), text.Word("Cause", term.Cause)];

    /// <summary>In the right half, where words hang to the left.</summary>
    private static bool IsLate(Stretch place) => place.Left > 50;

    private static string Percent(double value) => $"{ChartScale.Figure(value)}%";
}
