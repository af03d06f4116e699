using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quorate.Dashboard.Model;

/// <summary>A table's rows as files.</summary>
public static class TableExport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>RFC 4180, with a header line.</summary>
    public static string Csv(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var line in rows.Prepend(columns))
        {
            text.AppendJoin(',', line.Select(value => Quote(Plain(value)))).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>An array with one object per row.</summary>
    public static string ToJson(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        JsonSerializer.Serialize(rows.Select(row => columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)), Json);

    private static string Plain(object? value) => value switch
    {
        null => "",
        DateTimeOffset at => at.UtcDateTime.ToString("O"),
        IFormattable figure => figure.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A cell that a spreadsheet would run as a formula gets an apostrophe before it.</summary>
    private static string Quote(string text)
    {
        var safe = text.Length > 0 && "=+-@\t".Contains(text[0]) && !double.TryParse(text, out _) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
