using Quorate.Core;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Cli;

/// <summary><c>--seed N [--trace] [--mutation NAME]</c>: runs one seed again.</summary>
internal static class SeedCommand
{
    public const string Usage = "--seed N [--trace] [--mutation NAME]";

    public static int Run(long seed, bool trace, Mutation mutation, TextWriter output)
    {
        var result = Running.Simulation.Run(seed, mutation, trace ? output : null);
        output.WriteLine(
            $"seed {seed}: {result.Steps:N0} steps, {result.VirtualTime / (double)Duration.Second:F1} virtual seconds, {result.Elections} elections, "
            + $"{result.Crashes} crashes, {result.Operations} operations, trace {result.TraceHash:x16}");
        if (result.Failure is not { } failure)
        {
            output.WriteLine("passed");
            return ExitCodes.Success;
        }

        output.WriteLine($"failed: {failure.Invariant}: {failure.Message}");
        if (failure.InnerException is { } cause)
        {
            output.WriteLine(cause.ToString());
        }

        return ExitCodes.Failure;
    }
}
