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

    internal ReadOnlySpan<KeyValuePair<string, long>> AsSpan() => _counters;

    public long this[string region]
    {
        get
        {
            foreach (var (name, counter) in _counters)
            {
                if (name == region)
                {
                    return counter;
                }
            }

            return 0;
        }
    }

    /// <exception cref="FormatException">A counter is below 1, or a region comes twice.</exception>
    public static VectorClock Of(IEnumerable<KeyValuePair<string, long>> counters) => Owning([.. counters]);

    private static VectorClock Owning(KeyValuePair<string, long>[] sorted)
    {
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
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
        if (IsCoveredBy(other))
        {
            return other;
        }

        if (other.IsCoveredBy(this))
        {
            return this;
        }

        var merged = new List<KeyValuePair<string, long>>(_counters.Length + other._counters.Length);
        var (mine, theirs) = (0, 0);
        while (mine < _counters.Length || theirs < other._counters.Length)
        {
            var order = mine == _counters.Length ? 1
                : theirs == other._counters.Length ? -1
                : string.CompareOrdinal(_counters[mine].Key, other._counters[theirs].Key);
            merged.Add(order switch
            {
                < 0 => _counters[mine++],
                > 0 => other._counters[theirs++],
                _ => new(_counters[mine].Key, Math.Max(_counters[mine++].Value, other._counters[theirs++].Value)),
            });
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
        return (IsCoveredBy(other), other.IsCoveredBy(this)) switch
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

    /// <param name="region">One that it names most likely.</param>
    internal static VectorClock Read(ref ByteReader reader, string? region = null)
    {
        var counters = new KeyValuePair<string, long>[reader.Count()];
        for (var i = 0; i < counters.Length; i++)
        {
            counters[i] = new(reader.String(region), reader.VarInt());
        }

        return Owning(counters);
    }

    /// <summary>Whether the other has seen everything that this has seen.</summary>
    private bool IsCoveredBy(VectorClock other)
    {
        foreach (var (region, counter) in _counters)
        {
            if (counter > other[region])
            {
                return false;
            }
        }

        return true;
    }
}
