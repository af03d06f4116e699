using System.Globalization;

namespace Quorate.Dashboard.Model;

/// <summary>Numbers and durations as the console writes them: narrow no-break spaces between thousands and before units, a dash for what is unknown.</summary>
public static class Format
{
    public const string Unknown = "–";

    /// <summary>Narrow no-break space: a figure never breaks over two lines.</summary>
    public const char Space = '\u202f';

    private const double Kilobyte = 1000;

    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    private static readonly NumberFormatInfo Numbers = new()
    {
        NumberGroupSeparator = Space.ToString(),
        NumberGroupSizes = [3],
        NumberDecimalSeparator = ".",
        NegativeSign = "−",
    };

    public static string Number(long? value) => value?.ToString("N0", Numbers) ?? Unknown;

    /// <summary>Tokens and revisions are copied and compared, not estimated: digits only.</summary>
    public static string Id(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>At most <paramref name="decimals"/> decimals below 100, none above.</summary>
    public static string Number(double? value, int decimals = 1) =>
        value is { } number && double.IsFinite(number)
            ? number.ToString(Math.Abs(number) < 100 && number != Math.Truncate(number) ? $"N{decimals}" : "N0", Numbers)
            : Unknown;

    public static string PerSecond(double? value) => WithUnit(Number(value), "/s");

    public static string Milliseconds(double? value) => value switch
    {
        < 1 and > 0 => WithUnit(Number(value, 2), "ms"),
        >= 10_000 => Duration(TimeSpan.FromMilliseconds(value.Value)),
        _ => WithUnit(Number(value), "ms"),
    };

    /// <summary>Decimal units: 1 kB is 1000 bytes.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
        {
            return Unknown;
        }

        var unit = 0;
        double size = count;
        while (Math.Abs(size) >= Kilobyte && unit < ByteUnits.Length - 1)
        {
            size /= Kilobyte;
            unit++;
        }

        return WithUnit(unit == 0 ? Number(count) : Number(size), ByteUnits[unit]);
    }

    /// <summary>The two most significant parts, cut off and never rounded up: <c>3 m 12 s</c>. Below a second: <c>0 s</c>.</summary>
    public static string Duration(TimeSpan? duration)
    {
        if (duration is not { } time)
        {
            return Unknown;
        }

        time = time.Duration();
        (int Value, string Unit)[] parts = [(time.Days, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s")];
        var first = Array.FindIndex(parts, part => part.Value != 0);
        if (first < 0)
        {
            return $"0{Space}s";
        }

        var shown = parts.Skip(first).Take(2).Where(part => part.Value != 0);
        return string.Join(Space, shown.Select(part => $"{part.Value}{Space}{part.Unit}"));
    }

    /// <summary>Milliseconds below a second, one decimal below ten, then as <see cref="Duration"/>: lags are often shorter than a second.</summary>
    public static string Seconds(double? seconds) => seconds switch
    {
        null or double.NaN => Unknown,
        <= 0 => WithUnit("0", "s"),
        < 1 => Milliseconds(seconds * 1000),
        < 10 => WithUnit(Number(seconds), "s"),
        var some => Duration(TimeSpan.FromSeconds(Math.Min(some.Value, TimeSpan.MaxValue.TotalSeconds / 2))),
    };

    private static string WithUnit(string number, string unit) => number == Unknown ? number : $"{number}{Space}{unit}";
}
