using System.Diagnostics;

namespace Quorate.Node.Hosting;

/// <summary>
/// What a thread does before it goes to sleep: it looks again for a moment and lets others run in between. Under load the next piece of
/// work comes within that moment, and to wake a sleeping processor takes longer than the moment lasts.
/// </summary>
internal struct BriefWait()
{
    // 50 microseconds, about what a wake-up costs: never more than twice the cost of sleeping at once.
    private static readonly long Moment = Stopwatch.Frequency / 20_000;

    private readonly long _end = Stopwatch.GetTimestamp() + Moment;

    /// <returns>False when the moment is over.</returns>
    public readonly bool LookAgain()
    {
        Thread.Yield();
        return Stopwatch.GetTimestamp() < _end;
    }
}
