using System.Globalization;
using System.Net;
using System.Text;

namespace Quorate.Bench.Report;

/// <summary>
/// Draws each row's ratio to the peer's as a bar from the line "as the peer", to the right where Quorate is better. The scale is logarithmic, so
/// that twice as good and half as good are equally long. Colours follow the reader's light or dark scheme.
/// </summary>
internal static class SvgChart
{
    private const int Width = 1000;
    private const int LabelWidth = 490;
    private const int RightMargin = 90;
    private const int RowHeight = 26;
    private const int Top = 64;
    private const int BarHeight = 14;
    private const double LeastRatio = 0.25;

    private const string Style = """
        <style>
          .paper { fill: #ffffff } .text { fill: #1f2937 } .faint { fill: #6b7280 } .grid { stroke: #e5e7eb } .one { stroke: #6b7280; stroke-width: 1.5 }
          .met { fill: #15803d } .missed { fill: #c2410c } .none { fill: #2563eb } .target { stroke: #1f2937; stroke-width: 2 }
          text { font: 13px system-ui, sans-serif } .title { font-size: 16px; font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
          @media (prefers-color-scheme: dark) {
            .paper { fill: #0d1117 } .text { fill: #e6edf3 } .faint { fill: #9aa4b2 } .grid { stroke: #2b3440 } .one { stroke: #9aa4b2 }
            .met { fill: #3fb950 } .missed { fill: #f0883e } .none { fill: #58a6ff } .target { stroke: #e6edf3 }
          }
        </style>
        """;

    public static string Draw(BenchReport report)
    {
        var rows = report.Rows.Where(row => row.Verdict != Verdict.Invalid && double.IsFinite(row.Ratio) && row.Ratio > 0).ToList();
        var most = Math.Pow(2, Math.Ceiling(Math.Log2(Math.Max(4, rows.Select(row => Math.Max(row.Ratio, row.Target ?? 1)).DefaultIfEmpty(1).Max()))));
        var height = Top + (rows.Count * RowHeight) + 40;
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img" aria-label="Quorate's figures as multiples of its peers'">""");
        svg.AppendLine(Style);
        Line($"""<rect class="paper" width="{Width}" height="{height}" rx="8"/>""");
        Line($"""<text class="text title" x="16" y="28">Times better than the peer in the same run (right of 1: Quorate is better)</text>""");
        for (var mark = LeastRatio; mark <= most; mark *= 2)
        {
            Line($"""<line class="{(mark == 1 ? "one" : "grid")}" x1="{X(mark):0.0}" x2="{X(mark):0.0}" y1="{Top - 8}" y2="{height - 32}"/>""");
            Line($"""<text class="faint middle" x="{X(mark):0.0}" y="{Top - 14}">{mark.ToString("0.##", CultureInfo.InvariantCulture)}×</text>""");
        }

        for (var i = 0; i < rows.Count; i++)
        {
            DrawRow(rows[i], Top + (i * RowHeight));
        }

        Line($"""<text class="faint" x="16" y="{height - 12}">Bars: median of all rounds, on a logarithmic scale. Upright mark: target. Green met, orange missed, blue without target.</text>""");
        return svg.AppendLine("</svg>").ToString();

        void DrawRow(Comparison row, int top)
        {
            var (from, to) = (Math.Min(X(1), X(row.Ratio)), Math.Max(X(1), X(row.Ratio)));
            var colour = row.Verdict switch { Verdict.Met => "met", Verdict.Missed => "missed", _ => "none" };
            Line($"""<text class="text end" x="{LabelWidth - 12}" y="{top + 15}">{Encode(row)}</text>""");
            Line($"""<rect class="{colour}" x="{from:0.0}" y="{top + 4}" width="{Math.Max(1, to - from):0.0}" height="{BarHeight}" rx="2"/>""");
            if (row.Target is { } target)
            {
                Line($"""<line class="target" x1="{X(target):0.0}" x2="{X(target):0.0}" y1="{top + 1}" y2="{top + 7 + BarHeight}"/>""");
            }

            Line($"""<text class="text" x="{Math.Max(to, X(row.Target ?? 1)) + 6:0.0}" y="{top + 15}">{Numbers.Times(row.Ratio)}</text>""");
        }

        double X(double ratio)
        {
            var share = Math.Log(Math.Clamp(ratio, LeastRatio, most) / LeastRatio) / Math.Log(most / LeastRatio);
            return LabelWidth + (share * (Width - LabelWidth - RightMargin));
        }

        void Line(FormattableString line) => svg.AppendLine(FormattableString.Invariant(line));
    }

    private static string Encode(Comparison row) => WebUtility.HtmlEncode($"{row.What} · {row.Ours} · {row.Peer}");
}
