namespace Quorate.Core.Clocks;

/// <summary>
/// A hybrid logical timestamp (Kulkarni et al. 2014): 48 bits of Unix milliseconds, 16 bits of a counter that orders
/// what happens within one millisecond. Compared as one number.
/// </summary>
public readonly record struct HlcTimestamp(long Value) : IComparable<HlcTimestamp>
{
    private const int CounterBits = 16;

    public static readonly HlcTimestamp Zero = new(0);

    /// <summary>After every other.</summary>
    public static readonly HlcTimestamp Never = new(long.MaxValue);

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long UnixMs => Value >> CounterBits;

    /// <summary>0 to 65,535.</summary>
    public int Counter => (int)(Value & 0xFFFF);

    public static HlcTimestamp FromUnixMs(long unixMs) => new(unixMs << CounterBits);

    /// <summary>
    /// The next timestamp of a clock that last showed <paramref name="last"/> when the physical clock reads
    /// <paramref name="physicalMs"/>: never equal to or before <paramref name="last"/>. A full counter carries into the milliseconds.
    /// </summary>
    public static HlcTimestamp After(HlcTimestamp last, long physicalMs)
    {
        var physical = FromUnixMs(physicalMs);
        return physical.Value > last.Value ? physical : new HlcTimestamp(last.Value + 1);
    }

    public HlcTimestamp AddMs(long ms) => new(Value + (ms << CounterBits));

    public int CompareTo(HlcTimestamp other) => Value.CompareTo(other.Value);

    public static bool operator <(HlcTimestamp left, HlcTimestamp right) => left.Value < right.Value;

    public static bool operator >(HlcTimestamp left, HlcTimestamp right) => left.Value > right.Value;

    public static bool operator <=(HlcTimestamp left, HlcTimestamp right) => left.Value <= right.Value;

    public static bool operator >=(HlcTimestamp left, HlcTimestamp right) => left.Value >= right.Value;

    public override string ToString() => $"{UnixMs}.{Counter}";
}
