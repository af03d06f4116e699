using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

/// <summary>How long writes paused when leadership moved before, which is the best guess for the next time.</summary>
/// <param name="Seen">Changes it is the median of.</param>
public sealed record LeadershipPause(double MedianMs, int Seen)
{
    /// <param name="causes">Of <see cref="ElectionCauses"/>.</param>
    /// <returns>Null when it never happened.</returns>
    public static LeadershipPause? Of(IEnumerable<LeaderTerm> terms, params ReadOnlySpan<string> causes)
    {
        var wanted = causes.ToArray();
        var gaps = terms.Where(term => wanted.Contains(term.Cause)).Select(term => term.LeaderlessMs).OfType<long>().Order().ToList();
        return gaps.Count == 0 ? null : new LeadershipPause((gaps[(gaps.Count - 1) / 2] + gaps[gaps.Count / 2]) / 2.0, gaps.Count);
    }
}
