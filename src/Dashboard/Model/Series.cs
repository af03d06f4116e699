using System.Globalization;

namespace Quorate.Dashboard.Model;

/// <param name="Value">Null where nothing was measured: the line has a gap there.</param>
public readonly record struct Sample(DateTimeOffset At, double? Value);

/// <summary>One line of a chart.</summary>
/// <param name="Name">The words shown.</param>
/// <param name="Metric">The metric's own name, one click away.</param>
/// <param name="Tone">CSS class that colours it.</param>
public sealed record Series(string Name, string Metric, string Tone, Func<double?, string> Format, IReadOnlyList<Sample> Samples);

/// <summary>Places samples in a box; time runs right, zero is at the bottom.</summary>
public sealed record ChartScale(DateTimeOffset From, DateTimeOffset To, double Top, double Width, double Height)
{
    /// <summary>The smallest span that a chart shows, so that its first second does not fill the whole width.</summary>
    public static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(30);

    /// <param name="least">The least that the axis reaches.</param>
    /// <returns>Null when there is nothing to draw.</returns>
    public static ChartScale? For(IEnumerable<Series> series, double width, double height, double least = 0)
    {
        var samples = series.SelectMany(line => line.Samples).ToList();
        var drawn = samples.Where(IsDrawn).ToList();
        if (drawn.Count == 0)
        {
            return null;
        }

        // Gaps count for the span of time, so that charts over the same samples share one axis.
        var to = samples.Max(sample => sample.At);
        var first = samples.Min(sample => sample.At);
        var from = to - first < ShortestSpan ? to - ShortestSpan : first;
        return new ChartScale(from, to, RoundUp(Math.Max(least, drawn.Max(sample => sample.Value!.Value))), width, height);
    }

    public double X(DateTimeOffset at) => (at - From) / (To - From) * Width;

    public double Y(double value) => Height - (Math.Clamp(value / Top, 0, 1) * Height);

    /// <summary>SVG path data; a gap in the samples is a gap in the line.</summary>
    public string Path(IReadOnlyList<Sample> samples)
    {
        var path = new System.Text.StringBuilder();
        var pen = 'M';
        foreach (var sample in samples)
        {
            if (!IsDrawn(sample))
            {
                pen = 'M';
                continue;
            }

            path.Append(pen).Append(Figure(X(sample.At))).Append(' ').Append(Figure(Y(sample.Value!.Value)));
            pen = 'L';
        }

        return path.ToString();
    }

    /// <summary>As SVG wants it, whatever the culture: <c>12.5</c>.</summary>
    public static string Figure(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The next of 1, 2, 5 × 10ⁿ, so that the axis ends on a round figure and does not move with every sample.</summary>
    public static double RoundUp(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 5, 10 }.Select(step => step * power).First(step => step >= value * 0.999999);
    }

    private static bool IsDrawn(Sample sample) => sample.Value is { } value && double.IsFinite(value);
}
