using Quorate.Core.Clocks;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>What a change must be like for the coordinator to pass it on.</summary>
internal static class ChangeRules
{
    /// <returns>Null: it may pass.</returns>
    public static Refusal? Refuse(ChangeEvent change, RegionSettings settings, HlcTimestamp now)
    {
        var isStrange = change.Version is { } own && NamesStranger(own, settings);
        if (isStrange || change.Settlement?.Versions.Any(version => NamesStranger(version, settings)) == true)
        {
            var versions = (change.Settlement?.Versions ?? []).Concat(change.Version is { } one ? [one] : []);
            return new Refusal(
                change.Number,
                RefusalCodes.UnregisteredClock,
                $"The clock of {Name(change)} names a region that is not registered: {string.Join(" | ", versions.Select(version => version.Clock))}. Registered are {string.Join(", ", settings.Regions)}.");
        }

        if (change.Version is { } made && ((made.Region != change.Origin && !change.Again) || made.Dot < 1))
        {
            return new Refusal(
                change.Number,
                RefusalCodes.ForeignChange,
                $"{Name(change)} was written by {made.Region} with the clock {made.Clock}; {change.Origin} hands over what it wrote, and counts it.");
        }

        if (change.Version?.Value?.Length > settings.MaxDocumentBytes)
        {
            return new Refusal(
                change.Number,
                RefusalCodes.OversizedDocument,
                $"{Name(change)} has {change.Version.Value.Value.Length} bytes, more than the {settings.MaxDocumentBytes} that regions exchange.");
        }

        var latest = Math.Max(change.At.UnixMs, Math.Max(change.StrategyAt.UnixMs, change.Version?.At.UnixMs ?? 0));
        var ahead = latest - now.UnixMs;
        return ahead > settings.ClockBudgetMs
            ? new Refusal(
                change.Number,
                RefusalCodes.ClockSkew,
                $"{Name(change)} was changed {ahead} ms in the future; the budget is {settings.ClockBudgetMs} ms. Set the clock of {change.Origin} right.")
            : null;
    }

    private static bool NamesStranger(DocumentVersion version, RegionSettings settings)
    {
        if (!settings.Knows(version.Region))
        {
            return true;
        }

        foreach (var (region, _) in version.Clock.AsSpan())
        {
            if (!settings.Knows(region))
            {
                return true;
            }
        }

        return false;
    }

    private static string Name(ChangeEvent change) => change.Key is { } key ? $"document '{key}' of '{change.Collection}'" : $"collection '{change.Collection}'";
}
