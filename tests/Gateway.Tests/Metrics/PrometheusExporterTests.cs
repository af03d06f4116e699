using System.Diagnostics.Metrics;
using Quorate.Gateway.Metrics;

namespace Quorate.Gateway.Tests.Metrics;

/// <summary>What a meter measures, as Prometheus reads it.</summary>
public sealed class PrometheusExporterTests : IDisposable
{
    private readonly PrometheusExporter _exporter = new();
    private readonly Meter _meter = new(QuorateMeter.Name);

    public void Dispose()
    {
        _meter.Dispose();
        _exporter.Dispose();
    }

    [Fact]
    public void Counter_SameTags_IsOneSeries()
    {
        var counter = _meter.CreateCounter<long>("test.requests", description: "Requests.");
        counter.Add(1, new("method", "GET"), new("status", 200));
        counter.Add(2, new("method", "GET"), new("status", 200));
        counter.Add(4, new("method", "GET"), new("status", 404));
        counter.Add(8);

        var lines = Lines("test_requests");
        Assert.Equal(
            ["# HELP test_requests Requests.", "# TYPE test_requests counter", "test_requests 8", "test_requests{method=\"GET\",status=\"200\"} 3", "test_requests{method=\"GET\",status=\"404\"} 4"],
            lines);
    }

    [Fact]
    public void Histogram_CountsBelowEachBound()
    {
        var histogram = _meter.CreateHistogram<double>("test.duration");
        histogram.Record(0.002, new KeyValuePair<string, object?>("route", "/a"));
        histogram.Record(20, new KeyValuePair<string, object?>("route", "/a"));

        var lines = Lines("test_duration");
        Assert.Contains("test_duration_bucket{route=\"/a\",le=\"0.001\"} 0", lines);
        Assert.Contains("test_duration_bucket{route=\"/a\",le=\"0.0025\"} 1", lines);
        Assert.Contains("test_duration_bucket{route=\"/a\",le=\"+Inf\"} 2", lines);
        Assert.Contains("test_duration_count{route=\"/a\"} 2", lines);
    }

    [Fact]
    public void ObservedGauge_NoLongerReported_IsGoneAndComesBack()
    {
        var measured = new List<Measurement<int>> { new(1, new KeyValuePair<string, object?>("queue", "a")) };
        _meter.CreateObservableGauge("test.depth", () => measured);
        Assert.Contains("test_depth{queue=\"a\"} 1", Lines("test_depth"));

        var gone = measured[0];
        measured.Clear();
        Assert.Empty(Lines("test_depth"));

        measured.Add(gone);
        Assert.Contains("test_depth{queue=\"a\"} 1", Lines("test_depth"));
    }

    [Fact]
    public void FindingAKnownSeries_AllocatesNothing()
    {
        var known = new TaggedSeries();
        KeyValuePair<string, object?>[] tags = [new("method", "GET"), new("status", 200)];
        var series = Series.For(_meter.CreateCounter<long>("test.often"));
        known.Add(tags, series);
        KeyValuePair<string, object?>[] same = [new("method", "GET"), new("status", 200)];
        Assert.Same(series, known.Find(same));

        var before = GC.GetAllocatedBytesForCurrentThread();
        known.Find(same);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TagsThatDiffer_AreOtherSeries()
    {
        var known = new TaggedSeries();
        known.Add([new("method", "GET")], Series.For(_meter.CreateCounter<long>("test.others")));

        Assert.Null(known.Find([new("method", "PUT")]));
        Assert.Null(known.Find([new("verb", "GET")]));
        Assert.Null(known.Find([new("method", "GET"), new("status", 200)]));
        Assert.Null(known.Find([]));
    }

    private List<string> Lines(string name) => [.. _exporter.Write().Split('\n').Where(line => line.Contains(name, StringComparison.Ordinal))];
}
