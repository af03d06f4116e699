using System.Diagnostics;
using Quorate.Core.Replication.Regions;
using Quorate.Simulation.Regions;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Cli;

/// <summary><c>--regions --seeds N [--from S] [--parallel K]</c>, or <c>--regions --seed N [--trace]</c>: several regions for hours of virtual time.</summary>
internal static class RegionsCommand
{
    public const string Usage = "--regions (--seeds N [--from S] [--parallel K] | --seed N [--trace]) [--mistake NAME]";

    public static int RunOne(long seed, bool trace, Mistake mistake, TextWriter output)
    {
        var result = RegionRun.Run(seed, mistake, trace ? output : null);
        output.WriteLine(
            $"seed {seed}: {result.Steps:N0} steps, {Hours(result.VirtualTime):F1} virtual hours, {result.Operations} operations, {result.Crashes} crashes, "
            + $"{result.Conflicts} conflicts, trace {result.TraceHash:x16}");
        output.WriteLine(result.Failure is { } failure ? $"failed: {failure.Invariant}: {failure.Message}\n{failure.InnerException}" : "passed");
        return result.Failure is null ? ExitCodes.Success : ExitCodes.Failure;
    }

    public static int RunMany(long count, long from, int parallel, Mistake mistake, TextWriter output)
    {
        var (started, gate, failed, hours, operations, conflicts) = (Stopwatch.GetTimestamp(), new Lock(), 0, 0.0, 0L, 0L);
        Parallel.For(from, from + count, new ParallelOptions { MaxDegreeOfParallelism = parallel }, seed =>
        {
            var result = RegionRun.Run(seed, mistake);
            var problem = result.Failure is { } failure ? $"{failure.Invariant}: {failure.Message}"
                : seed % SeedsCommand.RepeatEvery == 0 && RegionRun.Run(seed, mistake).TraceHash != result.TraceHash ? "two runs went different ways"
                : null;
            lock (gate)
            {
                (hours, operations, conflicts) = (hours + Hours(result.VirtualTime), operations + result.Operations, conflicts + result.Conflicts);
                if (problem is not null)
                {
                    failed++;
                    output.WriteLine($"seed {seed} failed: {problem}");
                    output.WriteLine($"  replay: dotnet run -c Release --project tests/Simulation -- --regions --seed {seed} --trace");
                }
            }
        });
        output.WriteLine(
            $"{count} seeds of regions, {failed} failed: {hours:F0} virtual hours, {operations:N0} operations, {conflicts:N0} conflicts; "
            + $"{count / Stopwatch.GetElapsedTime(started).TotalSeconds:F1} seeds/s");
        return failed == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static double Hours(long time) => time / (3600.0 * Duration.Second);
}
