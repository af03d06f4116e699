using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>A small line without axes, from zero.</summary>
public partial class Sparkline(Text text)
{
    private const int Width = 120;
    private const int Height = 24;

    [Parameter, EditorRequired]
    public required Series Series { get; set; }

    private Text Text => text;

    private ChartScale? Scale => ChartScale.For([Series], Width, Height);

    private string Label => $"{Series.Name}: {Series.Format(Series.Samples.LastOrDefault().Value)}";
}
