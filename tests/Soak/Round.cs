using Quorate.Simulation.Time;
using Quorate.Soak.Clients;
using Quorate.Soak.Faults;

namespace Quorate.Soak;

/// <summary>One round: clients work, faults strike, everything is healed, and then all that was promised must hold.</summary>
internal sealed class Round(int number, SoakCluster cluster, FaultDeck deck, FaultCount count, SeededRandom random, bool isShort, string directory) : IDisposable
{
    public const int FaultsPerRound = 2;
    private const double HealedBetween = 0.5;

    /// <summary>A machine under load takes its time to start processes.</summary>
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(90);

    private readonly History _history = new(Path.Combine(directory, $"history-{number}.jsonl"));
    private readonly List<string> _done = [];

    public Ledger Ledger { get; } = new($"soak/{number}/ledger/");

    public string HistoryFile => _history.FilePath;

    /// <summary>What was done, and what came of it so far.</summary>
    public string Summary =>
        $"{string.Join("; ", _done)} | {_history.Completed} answered, {_history.NotDone} refused, {_history.Unknown} unknown, {Ledger.Count} in the ledger";

    /// <exception cref="SoakFailure">Something that must hold did not.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var client = new KvClient(cluster.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var workload = new Workload(cluster.Address, number, _history, Ledger);
        var working = workload.RunAsync(random.Fork(), stop.Token, cancel);
        try
        {
            await DisturbAsync(client, cancel);
            await HealAsync(client, cancel);

            // A moment of work on the healed cluster, so that what the faults left behind meets new writes.
            await Task.Delay(Hold(), cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await working;
        }

        await CheckAsync(client, workload, cancel);
    }

    public void Dispose() => _history.Dispose();

    private async Task DisturbAsync(KvClient client, CancellationToken cancel)
    {
        var context = new FaultContext(cluster, client, random.Fork());
        for (var i = 0; i < FaultsPerRound; i++)
        {
            await Task.Delay(Hold() / 2, cancel);
            var fault = deck.Draw();
            if (i > 0 && (random.Chance(HealedBetween) || fault.NeedsAll))
            {
                await HealAsync(client, cancel);
                _done.Add("healed");
            }

            if (await fault.InjectAsync(context, cancel) is { } done)
            {
                count.Add(fault);
                _done.Add(done);
            }
            else
            {
                _done.Add($"{fault.Name}: not possible");
            }

            await Task.Delay(Hold(), cancel);
        }
    }

    private async Task HealAsync(KvClient client, CancellationToken cancel)
    {
        cluster.EnsureRuns();
        cluster.Heal();
        await Deadline.UntilAsync(
            "writes succeed on the healed cluster", RecoveryLimit,
            async attempt => (await client.PutAsync("soak/probe", $"{number}", expected: null, attempt)).Outcome == Outcome.Done, cancel);
    }

    private async Task CheckAsync(KvClient client, Workload workload, CancellationToken cancel)
    {
        cluster.EnsureRuns();
        await Deadline.UntilAsync("all three nodes hold the same state", RecoveryLimit, async attempt =>
        {
            var report = await client.ConsistencyAsync(attempt);
            return report?.Consistent is false
                ? throw new SoakFailure($"the nodes differ at entry {report.Index}: {string.Join(", ", report.Nodes.Select(node => $"{node.Node} {node.Hash}"))}")
                : report?.Consistent is true && report.Nodes.Count == cluster.Nodes.Count && report.Nodes.All(node => node.Hash is not null);
        }, cancel);
        await workload.ReadAllAsync(client, cancel);
        await Ledger.CheckAsync(client, cancel);
        _history.Check();
        if (_history.Completed == 0)
        {
            throw new SoakFailure("no request of the round was answered");
        }
    }

    /// <summary>How long a fault lasts: always more than the election timeout of 500 ms.</summary>
    private TimeSpan Hold() => TimeSpan.FromMilliseconds(isShort ? random.Between(600, 800) : random.Between(700, 1800));
}
