using Quorate.Bench.Measure;
using Quorate.Bench.Peers;
using Quorate.Bench.Report;

namespace Quorate.Bench;

/// <summary>Changes between two regions beside Redis and its replica: how many per second, how soon after an outage, how soon at all.</summary>
internal static class RegionPart
{
    public const string Title = "Regions";

    private const int Connections = 8;
    private const int Outages = 3;

    /// <summary>Of the large pair, which would otherwise take most of the time.</summary>
    private const int FewRounds = 3;
    private const int FewOutages = 1;

    public static async Task<Section> MeasureAsync(Workspace workspace, BenchOptions options, CancellationToken cancel)
    {
        var documents = options.Quick ? 20_000 : 100_000;
        await using var redis = new RedisPair(workspace, Connections);
        await using var one = new RegionPair(workspace, "two regions, a node each", 1);
        await using var three = new RegionPair(workspace, "two regions, three nodes each", 3);
        IReplicaPair[] pairs = [redis, one, three];
        var results = pairs.ToDictionary(pair => pair, _ => new Results());
        foreach (var pair in pairs)
        {
            Progress.Say($"  starting {pair.Name}");
            await pair.StartAsync(cancel);
        }

        var measures = pairs.ToDictionary(pair => pair, pair => new Replication(pair, Connections, documents));

        // The first round of all warms up; another one begins each round.
        for (var round = -1; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < pairs.Length; turn++)
            {
                var pair = pairs[(turn + round + pairs.Length) % pairs.Length];
                if (pair == three && round >= FewRounds)
                {
                    continue;
                }

                var stream = await measures[pair].StreamAsync(cancel);
                Progress.Say($"    {pair.Name}: {Numbers.Show(stream.ArrivedPerSecond)} arrived/s, {Numbers.Show(stream.WrittenPerSecond)} written/s");
                if (round >= 0)
                {
                    results[pair].Streams.Add(stream);
                }
            }
        }

        foreach (var pair in pairs)
        {
            results[pair].Delays.AddRange(await measures[pair].DelaysAsync(cancel));
            for (var outage = 0; outage < Math.Min(pair == three ? FewOutages : Outages, options.Rounds); outage++)
            {
                var catchUp = await measures[pair].CatchUpAsync(cancel);
                Progress.Say($"    {pair.Name}: caught up after {Numbers.Show(catchUp.Seconds)} s, the first change after {Numbers.Show(catchUp.FirstSeconds)} s");
                results[pair].CatchUps.Add(catchUp);
            }
        }

        return new Section(
            Title,
            [.. pairs.Skip(1).SelectMany(pair => Rows(pair.Name, documents, results[redis], results[pair], pair == one ? Targets.RegionChanges : null))],
            [
                $"{Numbers.Show(documents)} JSON documents of about 290 bytes per round, written through {Connections} connections in batches of 100, each round into a collection of its own. A round lasts from the first write until the last document is durable in the other region and can be read there; afterwards both sides are compared document by document.",
                "Outages: the link is cut, the documents are written, and the clock runs from when the link is up again. The longest pause between two attempts of a region to reach the other is part of that, as is Redis's.",
                "Redis: primary and replica with an append-only file and appendfsync always, so that both sides are durable, and a backlog in which all changes of the outage have room.",
            ],
            new Table(
                ["System", "Arrived/s", "Written/s", "Processor time per document, µs: written to, arrived at", "Caught up, operations/s", "First after the outage, s"],
                [.. pairs.Select(pair => results[pair].Details(pair.Name, documents))]));
    }

    private static IEnumerable<Comparison> Rows(string name, int documents, Results redis, Results ours, double? least)
    {
        yield return Row("Changes applied on the other side", "changes/s", result => result.Arrived, false) with { Least = least };
        yield return Row($"Catch-up of {Numbers.Show(documents)} changes after an outage", "s", result => result.CatchUp, true);
        yield return Row("From a write until it can be read there, median", "ms", result => Figures.Median(result.Delays), true);
        yield return Row("From a write until it can be read there, p95", "ms", result => Figures.Median([Figures.Median(result.Delays).Percentile(0.95)]), true);

        Comparison Row(string what, string unit, Func<Results, Figures> figures, bool lower) =>
            new(what, name, unit, figures(redis), figures(ours), lower, Target: null) { Peer = "Redis" };
    }

    private sealed class Results
    {
        public List<StreamRound> Streams { get; } = [];

        public List<CatchUpRound> CatchUps { get; } = [];

        public List<double> Delays { get; } = [];

        public Figures Arrived => Figures.Median(Streams.Select(stream => stream.ArrivedPerSecond));

        public Figures CatchUp => Figures.Median(CatchUps.Select(round => round.Seconds));

        public IReadOnlyList<string> Details(string name, int documents) =>
        [
            name,
            Numbers.ShowWithRange(Arrived),
            Numbers.ShowWithRange(Figures.Median(Streams.Select(stream => stream.WrittenPerSecond))),
            string.Join(", ", Enumerable.Range(0, 2).Select(side => Numbers.Show(Figures.Median(Streams.Select(stream => stream.CpuMicroseconds[side])).Typical))),
            Numbers.ShowWithRange(Figures.Median(CatchUps.Select(round => documents / round.Seconds))),
            Numbers.ShowWithRange(Figures.Median(CatchUps.Select(round => round.FirstSeconds))),
        ];
    }
}
