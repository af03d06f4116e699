using System.Diagnostics;
using Quorate.Core;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Cli;

/// <summary><c>--seeds N [--from S] [--parallel K] [--mutation NAME]</c>: runs many seeds and says which failed and how to replay them.</summary>
internal static class SeedsCommand
{
    public const string Usage = "--seeds N [--from S] [--parallel K] [--mutation NAME]";

    /// <summary>Every so many seeds one is run twice, to show that a seed determines its run.</summary>
    public const long RepeatEvery = 10;

    public static int Run(long count, long from, int parallel, Mutation mutation, TextWriter output)
    {
        var started = Stopwatch.GetTimestamp();
        var totals = new Totals();
        var gate = new Lock();
        var next = from - 1;
        var workers = Enumerable.Range(0, parallel).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());

        var elapsed = Stopwatch.GetElapsedTime(started);
        output.WriteLine(
            $"{totals.Seeds} seeds, {totals.Failed} failed: {totals.Steps:N0} steps, {totals.VirtualTime / (3600.0 * Duration.Second):F2} virtual hours, "
            + $"{totals.Elections:N0} elections, {totals.Crashes:N0} crashes, {totals.Operations:N0} operations; {totals.Seeds / elapsed.TotalSeconds:F1} seeds/s");
        return totals.Failed == 0 ? ExitCodes.Success : ExitCodes.Failure;

        void Work()
        {
            while (Interlocked.Increment(ref next) is var seed && seed < from + count)
            {
                var result = Running.Simulation.Run(seed, mutation);
                var problem = result.Failure is { } failure ? $"{failure.Invariant}: {failure.Message}" : Repeat(result, mutation);
                lock (gate)
                {
                    totals.Add(result, problem is not null);
                    if (problem is not null)
                    {
                        output.WriteLine($"seed {seed} failed: {problem}");
                        output.WriteLine($"  replay: dotnet run -c Release --project tests/Simulation -- --seed {seed} --trace{(mutation == Mutation.None ? "" : $" --mutation {mutation}")}");
                    }
                }
            }
        }
    }

    private static string? Repeat(RunResult first, Mutation mutation)
    {
        if (first.Seed % RepeatEvery != 0)
        {
            return null;
        }

        var second = Running.Simulation.Run(first.Seed, mutation);
        return second.TraceHash == first.TraceHash ? null : $"two runs went different ways: {first.TraceHash:x16} and {second.TraceHash:x16}";
    }

    private sealed class Totals
    {
        public long Seeds { get; private set; }

        public long Failed { get; private set; }

        public long Steps { get; private set; }

        public long VirtualTime { get; private set; }

        public long Elections { get; private set; }

        public long Crashes { get; private set; }

        public long Operations { get; private set; }

        public void Add(RunResult result, bool failed)
        {
            Seeds++;
            Failed += failed ? 1 : 0;
            Steps += result.Steps;
            VirtualTime += result.VirtualTime;
            Elections += result.Elections;
            Crashes += result.Crashes;
            Operations += result.Operations;
        }
    }
}
