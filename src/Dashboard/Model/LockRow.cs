using Quorate.Contracts.Locks;

namespace Quorate.Dashboard.Model;

/// <summary>One lock as a table row.</summary>
/// <param name="Owner">The holder, or the first of several; null while nobody holds it.</param>
/// <param name="MoreHolders">Holders beside <paramref name="Owner"/>, for shared locks.</param>
/// <param name="ExpiresAt">When the first grant ends; null when all are bound to sessions.</param>
/// <param name="WaitingSince">Since when the first waiter has waited.</param>
public sealed record LockRow(
    string Name,
    string Mode,
    string? Owner,
    int MoreHolders,
    int Waiters,
    long Token,
    DateTimeOffset? HeldSince,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? WaitingSince)
{
    /// <summary>The shortest wait that is worth an operator's attention.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    public static LockRow Of(LockView view)
    {
        var first = view.Holders.MinBy(holder => holder.AcquiredAt);
        return new LockRow(
            view.Name,
            view.Mode,
            first?.Owner,
            Math.Max(0, view.Holders.Count - 1),
            view.Waiters.Count,
            view.FencingToken,
            first?.AcquiredAt,
            view.Holders.Min(holder => holder.ExpiresAt),
            view.Waiters.Count == 0 ? null : view.Waiters.Min(waiter => waiter.Since));
    }

    public Severity Severity(DateTimeOffset now) =>
        WaitingSince is { } since && now - since >= LongWait ? Model.Severity.Warning
        : Owner is null ? Model.Severity.Unknown
        : Model.Severity.Healthy;

    /// <summary>Whether the name, or anybody who holds or waits, contains the text.</summary>
    public static bool Matches(LockView view, string? text) =>
        string.IsNullOrEmpty(text)
        || Contains(view.Name, text)
        || view.Holders.Any(holder => Contains(holder.Owner, text))
        || view.Waiters.Any(waiter => Contains(waiter.Owner, text));

    private static bool Contains(string value, string text) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
}
