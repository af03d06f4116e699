using Quorate.Gateway.Cache;
using Xunit.Abstractions;

namespace Quorate.Gateway.Tests.Cache;

/// <summary>
/// The measurement behind docs/adr/0008: hit rates of the local layer beside LRU, over traces that are the same in every run. Run it with
/// <c>dotnet test tests/Gateway.Tests --filter AdmissionTests --logger "console;verbosity=detailed"</c> to see the table.
/// </summary>
public sealed class AdmissionTests(ITestOutputHelper output)
{
    private const int Keys = 50_000;
    private const int Requests = 400_000;
    private const int Size = 1000;

    /// <summary>Share of all keys that fits.</summary>
    private static readonly double[] Shares = [0.01, 0.05, 0.2];

    private static readonly (string Name, bool Decides, Func<IEnumerable<int>> Trace)[] Traces =
    [
        ("zipf 0.8", true, () => Zipf(0.8, seed: 1)),
        ("zipf 1.0", true, () => Zipf(1.0, seed: 2)),
        ("zipf 1.0 with scans", true, () => WithScans(Zipf(1.0, seed: 3))),
        // Every 80,000 requests nobody asks any more for what was asked for most: the worst case for a memory of frequencies, shown but not decisive.
        ("zipf 1.0, favourites change", false, () => Zipf(1.0, seed: 4).Index().Select(each => (each.Item + (each.Index / (Requests / 5) * 7919)) % Keys)),
    ];

    [Fact]
    public void Admission_OverZipfAndScans_HitsMoreThanLru()
    {
        output.WriteLine("| trace | room | LRU | W-TinyLFU |");
        output.WriteLine("|---|---|---|---|");
        foreach (var (name, decides, trace) in Traces)
        {
            foreach (var share in Shares)
            {
                var room = (long)(Keys * share) * Size;
                var (lru, ours) = (Lru(trace(), room), Ours(trace(), room));
                output.WriteLine(FormattableString.Invariant($"| {name} | {share:P0} | {lru:P1} | {ours:P1} |"));
                Assert.True(!decides || ours > lru, FormattableString.Invariant($"{name} with room for {share:P0}: {ours:P1} is no more than {lru:P1} of LRU"));
            }
        }
    }

    [Fact]
    public void Set_ManyValues_StaysWithinItsBytes()
    {
        var cache = new LocalCache<int>(100_000, (_, value) => value);
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            cache.TryGet($"key{random.Next(500)}", out _);
            cache.Set($"key{random.Next(500)}", random.Next(1, 5000));
            Assert.InRange(cache.Figures.Bytes, 0, 100_000);
        }

        cache.Clear();
        Assert.Equal((0, 0), (cache.Figures.Entries, cache.Figures.Bytes));
    }

    [Fact]
    public void Set_LargerThanEverything_IsTurnedAway()
    {
        var cache = new LocalCache<int>(1000, (_, value) => value);
        cache.Set("small", 10);
        cache.Set("huge", 2000);
        Assert.False(cache.TryGet("huge", out _));
        Assert.True(cache.TryGet("small", out _));
    }

    private static double Lru(IEnumerable<int> trace, long room)
    {
        var cache = new LruCache(room);
        return Rate(trace, cache.Contains, key => cache.Add(key, Size));
    }

    private static double Ours(IEnumerable<int> trace, long room)
    {
        var cache = new LocalCache<int>(room, (_, _) => Size);
        return Rate(trace, key => cache.TryGet(key, out _), key => cache.Set(key, 0));
    }

    private static double Rate(IEnumerable<int> trace, Func<string, bool> find, Action<string> add)
    {
        var (hits, requests) = (0, 0);
        foreach (var number in trace)
        {
            var key = $"key{number}";
            requests++;
            if (find(key))
            {
                hits++;
            }
            else
            {
                add(key);
            }
        }

        return (double)hits / requests;
    }

    /// <summary>Keys by rank, the first asked for most.</summary>
    private static IEnumerable<int> Zipf(double exponent, int seed)
    {
        var sums = new double[Keys];
        var sum = 0.0;
        for (var i = 0; i < Keys; i++)
        {
            sums[i] = sum += 1 / Math.Pow(i + 1, exponent);
        }

        var random = new Random(seed);
        for (var i = 0; i < Requests; i++)
        {
            var place = Array.BinarySearch(sums, random.NextDouble() * sum);
            yield return place >= 0 ? place : ~place;
        }
    }

    /// <summary>Every 20,000 requests somebody reads 5,000 keys in a row that nobody asks for otherwise.</summary>
    private static IEnumerable<int> WithScans(IEnumerable<int> trace)
    {
        var scanned = Keys;
        foreach (var (index, key) in trace.Index())
        {
            yield return key;
            if (index % 20_000 == 19_999)
            {
                for (var i = 0; i < 5000; i++)
                {
                    yield return scanned++;
                }
            }
        }
    }
}
