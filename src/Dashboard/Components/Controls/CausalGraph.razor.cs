using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Who had seen what when they wrote a document.</summary>
public partial class CausalGraph(Text text, LiveState live)
{
    [Parameter, EditorRequired]
    public required CausalDrawing Drawing { get; set; }

    private Text Text => text;

    private LiveState Live => live;

    /// <summary>The drawing as sentences, for who cannot see it.</summary>
    private string Spoken => string.Join(' ', Drawing.Nodes.Select(node => $"{node.Region} {Words(node)}: {Clock(node)}."));

    private string HueOf(CausalNode node) => node.Region is { } region ? live.Store.Regions.Hue(region) : "";

    private string Words(CausalNode node) => node.Kind switch
    {
        CausalDrawing.Ancestor => text["Causal.Ancestor"],
        CausalDrawing.Version => node.Winner ? text["Causal.Winner", node.Region] : node.Deleted ? text["Causal.Deletes", node.Region] : text["Causal.Writes", node.Region],
        _ => text.Word("Settlement", node.Kind),
    };

    private static string Clock(CausalNode node) =>
        string.Join("  ", node.Clock.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Format.Id(pair.Value)}"));

    private static double Bend(CausalArrow arrow) => (arrow.Start.X + arrow.End.X) / 2;

    private static string F(double value) => ChartScale.Figure(value);
}
