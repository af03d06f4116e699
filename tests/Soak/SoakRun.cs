using System.Diagnostics;
using Quorate.Simulation.Time;
using Quorate.Soak.Clients;
using Quorate.Soak.Faults;

namespace Quorate.Soak;

/// <summary>All rounds, one after the other, on one cluster.</summary>
internal static class SoakRun
{
    /// <returns>Whether everything held. If not, data directories, logs and history are kept and named on <paramref name="output"/>.</returns>
    public static async Task<bool> RunAsync(SoakOptions options, TextWriter output, CancellationToken cancel)
    {
        var directory = Directory.CreateTempSubdirectory("quorate-soak-").FullName;
        output.WriteLine($"seed {options.Seed}, {options.Rounds} rounds, in {directory}");
        var round = 0;
        var count = new FaultCount();
        var kept = false;
        try
        {
            using var cluster = new SoakCluster(directory);
            try
            {
                cluster.Heal();
                await RunRoundsAsync(options, cluster, count, directory, number => round = number, output, cancel);
            }
            catch (Exception e) when (e is SoakFailure or HttpRequestException)
            {
                kept = true;
                output.WriteLine($"round {round} FAILED: {e.Message}");
                cluster.StopAndKeepData();
                output.WriteLine($"  data, logs and history-{round}.jsonl: {directory}");
                output.WriteLine($"  replay: {options.Replay(round)}");
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            output.WriteLine($"stopped in round {round}");
            return false;
        }
        finally
        {
            output.WriteLine($"faults: {count}");
            if (!kept)
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return !kept;
    }

    private static async Task RunRoundsAsync(
        SoakOptions options, SoakCluster cluster, FaultCount count, string directory, Action<int> begin, TextWriter output, CancellationToken cancel)
    {
        var random = new SeededRandom(options.Seed);
        var deck = new FaultDeck(random.Fork());
        var ledgers = new List<Ledger>();
        using var client = new KvClient(cluster.Address);
        await Deadline.UntilAsync(
            "the cluster takes its first write", TimeSpan.FromSeconds(90),
            async attempt => (await client.PutAsync("soak/probe", "0", expected: null, attempt)).Outcome == Outcome.Done, cancel);
        for (var number = 1; number <= options.Rounds; number++)
        {
            begin(number);
            var started = Stopwatch.GetTimestamp();
            using var round = new Round(number, cluster, deck, count, random.Fork(), options.Short, directory);
            ledgers.Add(round.Ledger);
            try
            {
                await round.RunAsync(cancel);
            }
            finally
            {
                output.WriteLine($"round {number}: {round.Summary}; {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
            }

            File.Delete(round.HistoryFile);
        }

        foreach (var ledger in ledgers)
        {
            await ledger.CheckAsync(client, cancel);
        }

        RequireFullDisk(options, cluster, count);
    }

    /// <summary>Where a disk can be mounted, a run long enough to draw every fault must have seen it full.</summary>
    private static void RequireFullDisk(SoakOptions options, SoakCluster cluster, FaultCount count)
    {
        if (cluster.Disk is not null && options.Rounds * Round.FaultsPerRound >= FaultDeck.All.Count && count[DiskFaults.Name] == 0)
        {
            throw new SoakFailure("the disk that was to fill up never did");
        }
    }
}
