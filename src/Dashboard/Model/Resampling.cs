namespace Quorate.Dashboard.Model;

public static class Resampling
{
    /// <summary>Means over equal, aligned stretches of time, so that a drawn point keeps its place while new ones come.</summary>
    public static IReadOnlyList<Sample> Mean(IReadOnlyList<Sample> samples, TimeSpan step)
    {
        return [.. samples
            .GroupBy(sample => sample.At.UtcTicks / step.Ticks)
            .Select(group => new Sample(new DateTimeOffset(group.Key * step.Ticks, TimeSpan.Zero), Average(group)))];
    }

    private static double? Average(IEnumerable<Sample> samples) => samples.Average(sample => sample.Value);
}
