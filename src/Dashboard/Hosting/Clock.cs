using System.Globalization;

namespace Quorate.Dashboard.Hosting;

/// <summary>Times of day in the operator's own time zone, which the browser tells; UTC until it has.</summary>
public sealed class Clock(TimeProvider time)
{
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="zone">IANA name; one that this machine does not know leaves the clock as it was.</param>
    public void UseZone(string? zone)
    {
        if (zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            _zone = found;
        }
    }

    /// <summary><c>14:03</c>; with the date when that is not today.</summary>
    public string Minute(DateTimeOffset at) => Write(at, "HH:mm");

    /// <summary><c>14:03:27</c>; with the date when that is not today.</summary>
    public string Second(DateTimeOffset at) => Write(at, "HH:mm:ss");

    /// <summary>Complete, with the offset from UTC: <c>2026-03-01 14:03:27.041 +01:00</c>.</summary>
    public string Absolute(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, _zone).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);

    private string Write(DateTimeOffset at, string format)
    {
        var local = TimeZoneInfo.ConvertTime(at, _zone);
        var today = TimeZoneInfo.ConvertTime(Now, _zone).Date;
        return local.ToString(local.Date == today ? format : $"yyyy-MM-dd {format}", CultureInfo.InvariantCulture);
    }
}
