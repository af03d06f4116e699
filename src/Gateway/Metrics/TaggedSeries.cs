using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Quorate.Gateway.Metrics;

/// <summary>The series of one instrument by the tags as they are measured with: every request measures, and nothing is allocated to find where it belongs.</summary>
internal sealed class TaggedSeries
{
    /// <summary>Sets of tags remembered; what is beyond is found by its text each time.</summary>
    private const int MaxRemembered = 1000;

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private int _remembered;

    public TaggedSeries() => _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();

    public Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => _byTags.TryGetValue(tags, out var series) ? series : null;

    public void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, Series series)
    {
        if (_remembered < MaxRemembered && _byTags.TryAdd(tags, series))
        {
            Interlocked.Increment(ref _remembered);
        }
    }

    /// <summary>Same names and values in the same order.</summary>
    private sealed class TagComparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly TagComparer Instance = new();

        public bool Equals(KeyValuePair<string, object?>[]? left, KeyValuePair<string, object?>[]? right) =>
            left is not null && right is not null && Equals(left.AsSpan(), right);

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] tags) => GetHashCode(tags.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> left, KeyValuePair<string, object?>[] right)
        {
            if (left.Length != right.Length)
            {
                return false;
            }

            for (var i = 0; i < right.Length; i++)
            {
                if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = new HashCode();
            foreach (var (_, value) in tags)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.ToArray();
    }
}
