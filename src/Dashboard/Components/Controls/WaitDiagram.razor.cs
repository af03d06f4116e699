using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Who waits for whom, drawn.</summary>
public partial class WaitDiagram(Text text, Browser browser)
{
    private const int NameLength = 22;
    private const int LabelLength = 20;
    private const int NoteLength = 24;

    private static readonly string[] Kinds = ["waits", "cycle", "refused"];

    private bool _narrow;

    [Parameter, EditorRequired]
    public required WaitDrawing Drawing { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    private Text Text => text;

    private WaitDrawing Shown => _narrow ? Drawing.Narrow(LabelLength) : Drawing;

    /// <summary>The arrows as sentences, for who cannot see them.</summary>
    private string Spoken => string.Join(' ', Drawing.Arrows.Select(arrow => text["Waits.Edge", arrow.From, arrow.To, arrow.Label]));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await browser.IsNarrowAsync())
        {
            _narrow = true;
            StateHasChanged();
        }
    }

    private static string Line(WaitArrow arrow) => string.Concat(
        arrow.Bends.Prepend(arrow.Start).Append(arrow.End).Select((point, index) => $"{(index == 0 ? 'M' : 'L')}{F(point.X)} {F(point.Y)}"));

    private string NoteOf(WaitCard card) =>
        card.IsVictim ? text["Waits.Victim"]
        : card.Lock is { } held ? Short(text["Waits.Holds", held], NoteLength)
        : text["Waits.Waits"];

    private static string Short(string value, int length) => value.Length <= length ? value : value[..(length - 1)] + "…";

    private static string F(double value) => ChartScale.Figure(value);
}
