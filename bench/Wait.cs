using System.Diagnostics;

namespace Quorate.Bench;

internal static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is yes. An answer that fails counts as no.</summary>
    /// <exception cref="BenchException">It was not yes in time.</exception>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<CancellationToken, Task<bool>> holds, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        string? last = null;
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            try
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                attempt.CancelAfter(limit);
                if (await holds(attempt.Token))
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or BenchException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                last = error.Message;
            }

            await Task.Delay(Poll, cancel);
        }

        throw new BenchException($"after {limit.TotalSeconds:0} s still not so: {what}{(last is null ? "" : $" ({last})")}");
    }
}
