using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Lines over time from zero; pointing at an instant shows every line's value there, without asking the server.</summary>
public partial class TimeChart(Text text, Clock clock)
{
    private const double Width = 600;
    private const double Height = 96;

    private IReadOnlyList<Series>? _drawnSeries;
    private IReadOnlyList<ChartMark>? _drawnMarks;

    /// <summary>The lines share instants and unit.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<Series> Series { get; set; }

    /// <summary>Events across the chart.</summary>
    [Parameter]
    public IReadOnlyList<ChartMark> Marks { get; set; } = [];

    /// <summary>The least that the axis reaches, so that charts beside each other can share it.</summary>
    [Parameter]
    public double Least { get; set; }

    private Text Text => text;

    private Clock Clock => clock;

    private ChartScale? Scale => ChartScale.For(Series, Width, Height, Least);

    private string Summary => string.Join(", ", Series.Select(line => $"{line.Name} {line.Format(line.Samples.LastOrDefault().Value)}"));

    /// <summary>Drawn again only for other lines or marks: everything on it follows from those.</summary>
    protected override bool ShouldRender()
    {
        var differs = !ReferenceEquals(Series, _drawnSeries) || !ReferenceEquals(Marks, _drawnMarks);
        (_drawnSeries, _drawnMarks) = (Series, Marks);
        return differs;
    }

    private IEnumerable<ChartMark> MarksIn(ChartScale scale) =>
        Marks.Where(mark => mark.At >= scale.From && mark.At <= scale.To);

    private IEnumerable<Instant> Instants(ChartScale scale)
    {
        var times = Series[0].Samples.Select(sample => sample.At).ToList();
        for (var i = 0; i < times.Count; i++)
        {
            var left = i == 0 ? scale.X(times[i]) : (scale.X(times[i - 1]) + scale.X(times[i])) / 2;
            var right = i == times.Count - 1 ? scale.X(times[i]) : (scale.X(times[i]) + scale.X(times[i + 1])) / 2;
            yield return new Instant(times[i], Percent(left), Percent(right - left), left > Width / 2);
        }
    }

    private static string Percent(double x) => ChartScale.Figure(x / Width * 100);

    private static double? ValueAt(Series line, DateTimeOffset at) =>
        line.Samples.Where(sample => sample.At == at).Select(sample => sample.Value).FirstOrDefault();

    /// <param name="Late">In the right half, where the values hang to the left.</param>
    private sealed record Instant(DateTimeOffset At, string Left, string Width, bool Late);
}

/// <param name="Label">What happened.</param>
public sealed record ChartMark(DateTimeOffset At, string Label);
