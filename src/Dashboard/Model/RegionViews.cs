using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <summary>What the pages ask of the regions that the live feed told of.</summary>
public static class RegionViews
{
    /// <summary>Colours that there are for regions; more regions share them.</summary>
    public const int Hues = 6;

    /// <summary>Regions that the gateway can pass requests to.</summary>
    public static IReadOnlyList<RegionView> Reachable(this RegionsView? view) => [.. (view?.Regions ?? []).Where(region => region.Local)];

    public static RegionView? Find(this RegionsView? view, string? id) => view?.Regions.FirstOrDefault(region => region.Id == id);

    /// <summary>
    /// A region keeps its colour on every page and in every region's console, as it follows from its name's place among the names and not
    /// from the order of somebody's configuration. One that is not known, or not yet, has none rather than another's.
    /// </summary>
    public static string Hue(this RegionsView? view, string id)
    {
        var place = view?.Regions.Select(region => region.Id).Order(StringComparer.Ordinal).ToList().IndexOf(id) ?? -1;
        return place < 0 ? "hue-none" : $"hue-{place % Hues}";
    }

    /// <summary>Another number whenever documents of the region may have changed: what is shown of them is to be read again.</summary>
    public static long Stamp(this RegionView region) => HashCode.Combine(
        region.Clock.Values.Sum(), region.QueueSize, region.QueueBytes, region.Documents, region.Deletions, region.Held, region.Conflicts);

    /// <summary>Regions whose agent is cut off, and deletions that wait for somebody: what an operator should look at.</summary>
    public static int Attention(this RegionsView? view) =>
        view?.Regions.Count(region => region.Phase == RegionPhases.Disconnected || region.Held > 0) ?? 0;
}
