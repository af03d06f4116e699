namespace Quorate.Bench.Measure;

/// <summary>Values of one quantity for one peer, and the one that stands for them.</summary>
/// <param name="Typical">Median of repeated measurements, or mean over nodes.</param>
/// <param name="Invalid">Why they do not count; null when they do.</param>
internal sealed record Figures(IReadOnlyList<double> Values, double Typical, string? Invalid)
{
    public double Least => Values.Min();

    public double Most => Values.Max();

    public static Figures Median(IEnumerable<double> values, string? invalid = null)
    {
        double[] all = [.. values];
        return new Figures(all, all.Length == 0 ? double.NaN : Percentile(all, 0.5), invalid);
    }

    public static Figures Mean(IEnumerable<double> values, string? invalid = null)
    {
        double[] all = [.. values];
        return new Figures(all, all.Length == 0 ? double.NaN : all.Average(), invalid);
    }

    public double Percentile(double share) => Percentile(Values, share);

    /// <summary>By linear interpolation between the two nearest ranks.</summary>
    /// <param name="share">0 to 1.</param>
    private static double Percentile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        var rank = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(rank), (int)Math.Ceiling(rank));
        return sorted[low] + ((sorted[high] - sorted[low]) * (rank - low));
    }
}
