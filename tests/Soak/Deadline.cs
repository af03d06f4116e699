using System.Diagnostics;

namespace Quorate.Soak;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <exception cref="SoakFailure">It did not come about in time.</exception>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<CancellationToken, Task<bool>> condition, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition(cancel))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new SoakFailure($"not within {limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(Poll, cancel);
        }
    }
}
