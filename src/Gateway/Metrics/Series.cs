using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Quorate.Gateway.Metrics;

internal enum SeriesKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One time series: what an instrument measured under one set of tags.</summary>
internal sealed class Series(SeriesKind kind, string help, bool cumulative, bool observed)
{
    // Seconds, as ASP.NET Core's own instruments measure; from half a millisecond to ten seconds.
    private static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly long[] _buckets = kind == SeriesKind.Histogram ? new long[Bounds.Length + 1] : [];
    private double _value;
    private long _count;

    public SeriesKind Kind { get; } = kind;

    public string Help { get; } = help;

    /// <summary>It is asked for what it measures each time anew.</summary>
    public bool IsObserved { get; } = observed;

    /// <summary>When it was last reported, in rounds of asking.</summary>
    public int Round { get; set; }

    /// <summary>Counters report steps, observable instruments and gauges report where they stand.</summary>
    public static Series For(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        var help = string.IsNullOrEmpty(instrument.Description) ? instrument.Name : instrument.Description;
        var observable = name.StartsWith("Observable", StringComparison.Ordinal);
        var kind = name.Contains("Histogram", StringComparison.Ordinal) ? SeriesKind.Histogram
            : name.Contains("UpDown", StringComparison.Ordinal) || name.Contains("Gauge", StringComparison.Ordinal) ? SeriesKind.Gauge
            : SeriesKind.Counter;
        var adds = !observable && !name.StartsWith("Gauge", StringComparison.Ordinal);
        return new Series(kind, help, adds, observable);
    }

    public void Record(double value)
    {
        lock (_gate)
        {
            _count++;
            _value = cumulative ? _value + value : value;
            if (Kind == SeriesKind.Histogram)
            {
                var bucket = 0;
                while (bucket < Bounds.Length && value > Bounds[bucket])
                {
                    bucket++;
                }

                _buckets[bucket]++;
            }
        }
    }

    public void Write(StringBuilder text, SeriesKey key)
    {
        lock (_gate)
        {
            if (Kind != SeriesKind.Histogram)
            {
                Line(text, key.Name, key.Labels, _value);
                return;
            }

            long below = 0;
            for (var i = 0; i <= Bounds.Length; i++)
            {
                below += _buckets[i];
                var bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(text, key.Name + "_bucket", Join(key.Labels, $"le=\"{bound}\""), below);
            }

            Line(text, key.Name + "_sum", key.Labels, _value);
            Line(text, key.Name + "_count", key.Labels, _count);
        }
    }

    private static string Join(string labels, string label) => labels.Length == 0 ? label : $"{labels},{label}";

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
