using System.Diagnostics;

namespace Quorate.Simulation.Checking;

/// <summary>How much work a check may be. Steps are the same on every machine; the time limit is for people who wait.</summary>
/// <param name="maxSteps">Transitions of the model tried, over all keys of a history.</param>
/// <param name="maxTime">Null: only the steps count, and the verdict does not depend on the machine.</param>
internal sealed class CheckBudget(long maxSteps, TimeSpan? maxTime = null)
{
    private const long TimeCheckInterval = 4096;

    private readonly long _started = Stopwatch.GetTimestamp();

    public long Steps { get; private set; }

    /// <summary>Uses one step. False when there is none left.</summary>
    public bool TryUse()
    {
        Steps++;
        return Steps <= maxSteps
            && (maxTime is null || Steps % TimeCheckInterval != 0 || Stopwatch.GetElapsedTime(_started) < maxTime);
    }
}
