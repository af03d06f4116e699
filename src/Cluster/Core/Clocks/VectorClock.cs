using System.Globalization;
using Quorate.Core.Codec;

namespace Quorate.Core.Clocks;

public enum ClockOrder
{
    Equal,
    Before,
    After,

    /// <summary>Neither has seen the other: a conflict.</summary>
    Concurrent,
}

/// <summary>How many changes of each region something has seen (Fidge 1988, Mattern 1989). Immutable; compared by value.</summary>
public sealed class VectorClock : IEquatable<VectorClock>
{
    public static readonly VectorClock Empty = new([]);

    // Ordered by region (ordinal), without zeros.
    private readonly KeyValuePair<string, long>[] _counters;

    private VectorClock(KeyValuePair<string, long>[] counters) => _counters = counters;

    /// <summary>By region, in ordinal order. A region that is not named counts 0.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counters => _counters;

    public long this[string region] => _counters.FirstOrDefault(pair => pair.Key == region).Value;

    /// <exception cref="FormatException">A counter is below 1, or a region comes twice.</exception>
    public static VectorClock Of(IEnumerable<KeyValuePair<string, long>> counters)
    {
        var sorted = counters.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Value < 1 || (i > 0 && sorted[i].Key == sorted[i - 1].Key))
            {
                throw new FormatException($"'{sorted[i].Key}' has no single counter from 1 in the vector clock");
            }
        }

        return sorted.Length == 0 ? Empty : new VectorClock(sorted);
    }

    /// <summary>One more change of a region.</summary>
    /// <param name="floor">The change gets a higher number than this.</param>
    public VectorClock Next(string region, long floor = 0) => Merge(new VectorClock([new(region, Math.Max(this[region], floor) + 1)]));

    /// <summary>What has seen everything that either has seen.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var merged = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (region, counter) in _counters.Concat(other._counters))
        {
            merged[region] = Math.Max(counter, merged.GetValueOrDefault(region));
        }

        return new VectorClock([.. merged]);
    }

    /// <summary>What both have seen.</summary>
    public VectorClock Common(VectorClock other) => new(
        [.. _counters.Select(pair => new KeyValuePair<string, long>(pair.Key, Math.Min(pair.Value, other[pair.Key]))).Where(pair => pair.Value > 0)]);

    /// <summary>The same changes, those of one region under another name.</summary>
    public VectorClock Rename(string region, string name) =>
        Of(_counters.Select(pair => pair.Key == region ? new KeyValuePair<string, long>(name, pair.Value) : pair));

    public ClockOrder CompareTo(VectorClock other)
    {
        var before = _counters.All(pair => pair.Value <= other[pair.Key]);
        var after = other._counters.All(pair => pair.Value <= this[pair.Key]);
        return (before, after) switch
        {
            (true, true) => ClockOrder.Equal,
            (true, false) => ClockOrder.Before,
            (false, true) => ClockOrder.After,
            _ => ClockOrder.Concurrent,
        };
    }

    public bool Equals(VectorClock? other) => other is not null && _counters.AsSpan().SequenceEqual(other._counters);

    public override bool Equals(object? obj) => Equals(obj as VectorClock);

    public override int GetHashCode() => (int)_counters.Sum(pair => pair.Value);

    public override string ToString() =>
        string.Join(' ', _counters.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));

    internal void Write(ByteWriter writer)
    {
        writer.VarInt(_counters.Length);
        foreach (var (region, counter) in _counters)
        {
            writer.String(region);
            writer.VarInt(counter);
        }
    }

    internal static VectorClock Read(ref ByteReader reader)
    {
        var counters = new KeyValuePair<string, long>[reader.Count()];
        for (var i = 0; i < counters.Length; i++)
        {
            counters[i] = new(reader.String(), reader.VarInt());
        }

        return Of(counters);
    }
}
