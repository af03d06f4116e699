using System.Globalization;
using Quorate.Bench.Measure;

namespace Quorate.Bench.Report;

/// <summary>Numbers as the report prints them: three digits that count, thousands separated.</summary>
internal static class Numbers
{
    public static string Show(double value) =>
        double.IsNaN(value) ? "–"
        : value >= 100 ? value.ToString("#,##0", CultureInfo.InvariantCulture)
        : value >= 10 ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Show(int count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string ShowWithRange(Figures figures) => figures.Values.Count switch
    {
        0 => "–",
        1 => Show(figures.Typical),
        _ => $"{Show(figures.Typical)} ({Show(figures.Least)}–{Show(figures.Most)})",
    };

    public static string Times(double ratio) => double.IsNaN(ratio) ? "–" : $"{Show(ratio)}×";
}
