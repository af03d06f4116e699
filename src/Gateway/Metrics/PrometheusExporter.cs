using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Quorate.Gateway.Metrics;

/// <summary>
/// Listens to the process's meters and writes what they measured in the Prometheus text format, version 0.0.4: counters as counters,
/// gauges as gauges, histograms with fixed buckets. Instrument names become metric names with '_' for '.'.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>Time series kept; more would be a mistake in a tag, and are dropped and counted.</summary>
    private const int MaxSeries = 10_000;

    private static readonly string[] Meters =
        [QuorateMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<SeriesKey, Series> _series = new();
    private readonly Lock _writing = new();
    private long _dropped;
    private int _round;

    public PrometheusExporter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument, new TaggedSeries());
            }
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, known) => Record(instrument, value, tags, known));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, known) => Record(instrument, (double)value, tags, known));
        _listener.Start();
    }

    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public string Write()
    {
        lock (_writing)
        {
            Observe();
        }

        var text = new StringBuilder();
        foreach (var family in _series.GroupBy(pair => pair.Key.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var kind = family.First().Value.Kind;
            var help = family.First().Value.Help;
            text.Append("# HELP ").Append(family.Key).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var (key, series) in family.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
            {
                series.Write(text, key);
            }
        }

        text.Append("# HELP quorate_metrics_dropped_total Measurements of series beyond the limit.\n# TYPE quorate_metrics_dropped_total counter\n");
        text.Append("quorate_metrics_dropped_total ").Append(Interlocked.Read(ref _dropped).ToString(CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    // What an observable instrument does not report any more is gone: a queue was deleted, a node left.
    private void Observe()
    {
        _round++;
        _listener.RecordObservableInstruments();
        foreach (var (key, series) in _series)
        {
            if (series.IsObserved && series.Round != _round)
            {
                _series.TryRemove(key, out _);
            }
        }
    }

    /// <param name="state">The <see cref="TaggedSeries"/> of the instrument.</param>
    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var known = (TaggedSeries)state!;
        if (known.Find(tags) is not { } series)
        {
            if (Find(instrument, tags) is not { } found)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            series = found;
            if (!series.IsObserved)
            {
                // Those that are asked for are removed when they fall silent, and seldom enough to be looked for each time.
                known.Add(tags, series);
            }
        }

        series.Round = _round;
        series.Record(value);
    }

    private Series? Find(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new SeriesKey(Sanitize(instrument.Name), Labels(tags));
        return _series.TryGetValue(key, out var series) ? series
            : _series.Count >= MaxSeries ? null
            : _series.GetOrAdd(key, _ => Series.For(instrument));
    }

    private static string Sanitize(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] == '_' ? source[i] : '_';
        }
    });

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(Sanitize(name)).Append("=\"");
            text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)?.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n"));
            text.Append('"');
        }

        return text.ToString();
    }
}

internal readonly record struct SeriesKey(string Name, string Labels);
