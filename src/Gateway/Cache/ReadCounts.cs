using System.Collections.Concurrent;
using Quorate.Contracts.Cache;

namespace Quorate.Gateway.Cache;

internal enum ReadEnd
{
    Local,
    Cluster,
    Redis,
    Miss,
}

/// <summary>Counts reads by where they ended, in total and by the first segment of their keys.</summary>
internal sealed class ReadCounts
{
    /// <summary>Prefixes counted one by one; those that come later are counted together.</summary>
    private const int MaxPrefixes = 1000;

    private const int ShownPrefixes = 100;
    private const string Others = "*";

    private readonly Counts _total = new();
    private readonly ConcurrentDictionary<string, Counts> _prefixes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Counts>.AlternateLookup<ReadOnlySpan<char>> _byText;

    public ReadCounts() => _byText = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();

    public CacheReads Total => _total.View();

    public void Add(string key, ReadEnd end)
    {
        _total.Add(end);
        var prefix = key.AsSpan(0, Math.Max(0, key.AsSpan().IndexOfAny(':', '/')));
        if (!_byText.TryGetValue(prefix, out var counts))
        {
            counts = _prefixes.GetOrAdd(_prefixes.Count < MaxPrefixes ? prefix.ToString() : Others, _ => new Counts());
        }

        counts.Add(end);
    }

    /// <summary>The busiest first.</summary>
    public List<CachePrefix> ByPrefix() =>
    [
        .. _prefixes.Select(pair => new CachePrefix(pair.Key, pair.Value.View()))
            .OrderByDescending(prefix => prefix.Reads.Reads)
            .ThenBy(prefix => prefix.Prefix, StringComparer.Ordinal)
            .Take(ShownPrefixes),
    ];

    private sealed class Counts
    {
        private readonly long[] _ends = new long[4];

        public void Add(ReadEnd end) => Interlocked.Increment(ref _ends[(int)end]);

        public CacheReads View()
        {
            var (local, cluster, redis, misses) = (Read(ReadEnd.Local), Read(ReadEnd.Cluster), Read(ReadEnd.Redis), Read(ReadEnd.Miss));
            var hits = local + cluster + redis;
            var reads = hits + misses;
            return new CacheReads(reads, local, cluster, redis, misses, reads == 0 ? null : Math.Round((double)hits / reads, 4));
        }

        private long Read(ReadEnd end) => Interlocked.Read(ref _ends[(int)end]);
    }
}
