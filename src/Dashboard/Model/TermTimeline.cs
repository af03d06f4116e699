using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

/// <summary>A part of the time axis, in per cent of its width.</summary>
public readonly record struct Stretch(double Left, double Width);

/// <param name="Open">The term lasts.</param>
public sealed record TermBar(LeaderTerm Term, Stretch Place, bool Open);

/// <summary>A time without a leader.</summary>
/// <param name="EndedBy">The term that ended it; null while it lasts.</param>
/// <param name="Label">Where there is room to write its duration beside it.</param>
public sealed record LeaderGap(LeaderTerm? EndedBy, TimeSpan Duration, Stretch Place, LabelSide Label);

public enum LabelSide
{
    None,
    Left,
    Right,
}

public sealed record TermLane(string Node, IReadOnlyList<TermBar> Bars);

/// <summary>The terms on a time axis, one lane per node.</summary>
/// <remarks>
/// The axis ends on a step of its own length, so that nothing moves on the screen until a step has passed. A term ends where the next
/// leader's leaderless time begins, as nobody led from there on.
/// </remarks>
public sealed record TermTimeline(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TermLane> Lanes, IReadOnlyList<LeaderGap> Gaps)
{
    /// <summary>The smallest span shown, so that a young cluster's first seconds do not fill the whole width.</summary>
    public static readonly TimeSpan ShortestSpan = TimeSpan.FromMinutes(1);

    /// <summary>Steps per span.</summary>
    private const int Steps = 240;

    /// <summary>Per cent of the width that a label of a gap takes.</summary>
    private const double LabelWidth = 8;

    /// <param name="terms">Newest first.</param>
    /// <param name="nodes">The members; nodes that led once and are gone get a lane too.</param>
    /// <param name="leaderlessSince">Since when nobody leads; null while somebody does.</param>
    /// <param name="range">How far back to look; null: as far as the terms go.</param>
    public static TermTimeline Of(
        IReadOnlyList<LeaderTerm> terms, IEnumerable<string> nodes, DateTimeOffset? leaderlessSince, DateTimeOffset now, TimeSpan? range)
    {
        var (from, to) = Span(terms, now, range);
        var gaps = new List<LeaderGap>();
        var bars = new List<TermBar>();
        for (var i = terms.Count - 1; i >= 0; i--)
        {
            var term = terms[i];
            var next = i > 0 ? terms[i - 1] : null;
            if (term.LeaderlessMs is > 0 and var gap)
            {
                AddGap(term, term.From.AddMilliseconds(-gap), term.From);
            }

            var end = next is not null ? next.From.AddMilliseconds(-next.LeaderlessMs ?? 0)
                : leaderlessSince ?? term.To ?? to;
            if (end > from && Place(term.From, end) is { } place)
            {
                bars.Add(new TermBar(term, place, next is null && leaderlessSince is null && term.To is null));
            }
        }

        if (leaderlessSince is { } since)
        {
            AddGap(null, since, now);
        }

        var lanes = nodes.Union(bars.Select(bar => bar.Term.Leader)).Order(StringComparer.Ordinal)
            .Select(node => new TermLane(node, [.. bars.Where(bar => bar.Term.Leader == node)]));
        return new TermTimeline(from, to, [.. lanes], Labelled(gaps));

        void AddGap(LeaderTerm? endedBy, DateTimeOffset start, DateTimeOffset end)
        {
            if (end > from && Place(start, end) is { } place)
            {
                gaps.Add(new LeaderGap(endedBy, end - start, place, LabelSide.None));
            }
        }

        Stretch? Place(DateTimeOffset start, DateTimeOffset end)
        {
            var left = Math.Clamp((start - from) / (to - from), 0, 1) * 100;
            var right = Math.Clamp((end - from) / (to - from), 0, 1) * 100;
            return right >= left ? new Stretch(left, right - left) : null;
        }
    }

    /// <summary>The longest gaps get their labels first; a label covers neither another gap nor another label.</summary>
    private static List<LeaderGap> Labelled(List<LeaderGap> gaps)
    {
        var taken = gaps.Select(gap => gap.Place).ToList();
        foreach (var gap in gaps.OrderByDescending(gap => gap.Duration).ToList())
        {
            var right = new Stretch(gap.Place.Left + gap.Place.Width, LabelWidth);
            var left = new Stretch(gap.Place.Left - LabelWidth, LabelWidth);
            var side = IsFree(right) ? LabelSide.Right : IsFree(left) ? LabelSide.Left : LabelSide.None;
            if (side != LabelSide.None)
            {
                taken.Add(side == LabelSide.Right ? right : left);
                gaps[gaps.IndexOf(gap)] = gap with { Label = side };
            }
        }

        return gaps;

        bool IsFree(Stretch wanted) =>
            wanted.Left >= 0
            && wanted.Left + wanted.Width <= 100
            && taken.All(other => other.Left + other.Width <= wanted.Left || other.Left >= wanted.Left + wanted.Width);
    }

    private static (DateTimeOffset From, DateTimeOffset To) Span(IReadOnlyList<LeaderTerm> terms, DateTimeOffset now, TimeSpan? range)
    {
        var oldest = terms.Count == 0 ? now : terms[^1].From.AddMilliseconds(-terms[^1].LeaderlessMs ?? 0);
        var from = range is { } back && now - back > oldest ? now - back : oldest;
        var span = now - from < ShortestSpan ? ShortestSpan : now - from;
        var step = Math.Max(span.Ticks / Steps, TimeSpan.TicksPerSecond);
        var to = new DateTimeOffset(((now.UtcTicks + step - 1) / step) * step, TimeSpan.Zero);
        return (to - span, to);
    }
}
