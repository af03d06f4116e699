using System.Globalization;
using System.Text;

namespace Quorate.Bench.Report;

/// <summary>The report as Markdown.</summary>
internal static class MarkdownReport
{
    private static readonly Table Empty = new(["Measurement", "Quorate as", "Unit", "Beside", "Its figure", "Quorate", "Times better", "Target", ""], []);

    /// <param name="chart">File name of the chart beside the report; null: none.</param>
    public static string Write(BenchReport report, string? chart)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Quorate and its peers side by side, {report.At:yyyy-MM-dd}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Machine.Sentence} {report.At:yyyy-MM-dd HH:mm} UTC, {report.Settings}.").AppendLine();
        foreach (var warning in report.Machine.Warnings)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"> **Warning:** {warning}").AppendLine();
        }

        if (report.Rows.Any())
        {
            text.AppendLine(Summary(report)).AppendLine();
            if (chart is not null)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"![Times better than the peer, measurement by measurement]({chart})").AppendLine();
            }

            Append(text, Empty with { Rows = [.. report.Rows.Select(Row)] });
            text.AppendLine("Medians, with the least and the greatest value of all rounds in parentheses; memory is the mean over the nodes. \"Times better\" is above 1 where Quorate is better, whichever way the unit points.").AppendLine();
        }

        foreach (var section in report.Sections)
        {
            Append(text, section);
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static string Summary(BenchReport report)
    {
        var judged = report.Rows.Where(row => row.IsJudged).ToList();
        var missed = judged.Where(row => row.Verdict == Verdict.Missed).ToList();
        var invalid = judged.Count(row => row.Verdict == Verdict.Invalid);
        return $"{judged.Count(row => row.Verdict == Verdict.Met)} of {judged.Count} targets met, {missed.Count} missed"
            + (invalid > 0 ? $", {invalid} without a valid measurement." : ".");
    }

    private static IReadOnlyList<string> Row(Comparison row) =>
    [
        row.What,
        row.Ours,
        row.Unit,
        row.Peer,
        Numbers.ShowWithRange(row.PeerFigures),
        Numbers.ShowWithRange(row.OurFigures),
        row.Verdict == Verdict.Invalid ? "–" : $"**{Numbers.Times(row.Ratio)}**",
        row.Target is { } target ? $"≥ {target.ToString("0.#", CultureInfo.InvariantCulture)}×"
            : row.Least is { } least ? $"≥ {Numbers.Show(least)}"
            : "",
        row.Verdict switch
        {
            Verdict.Met => "met",
            Verdict.Missed => "**missed**",
            Verdict.Invalid => $"**invalid**: {row.Invalid}",
            _ => "",
        },
    ];

    private static void Append(StringBuilder text, Section section)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {section.Title}").AppendLine();
        foreach (var note in section.Notes)
        {
            text.AppendLine(note).AppendLine();
        }

        if (section.Details is { } details)
        {
            Append(text, details);
        }
    }

    private static void Append(StringBuilder text, Table table)
    {
        AppendRow(text, table.Columns);
        AppendRow(text, [.. table.Columns.Select(_ => "---")]);
        foreach (var row in table.Rows)
        {
            AppendRow(text, row);
        }

        text.AppendLine();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")))} |");
}
