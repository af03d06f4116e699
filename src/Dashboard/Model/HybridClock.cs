using System.Globalization;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <summary>A hybrid logical time taken apart, and how it stands to the budget.</summary>
/// <param name="Physical">The physical part; null when the text is none that this console knows.</param>
/// <param name="Logical">The counter within the same millisecond.</param>
/// <param name="OffsetMs">Ahead of the physical clock it is compared with; negative: behind.</param>
public sealed record HybridClock(string Id, string Text, DateTimeOffset? Physical, long? Logical, long OffsetMs, long BudgetMs)
{
    /// <summary>From this share of the budget on it is near.</summary>
    public const double Near = 0.5;

    /// <summary>Only a clock that is ahead is refused by others; one that is behind moves up with what it hears.</summary>
    public Severity Severity =>
        Physical is null ? Severity.Unknown
        : OffsetMs > BudgetMs ? Severity.Critical
        : OffsetMs >= BudgetMs * Near ? Severity.Warning
        : Severity.Healthy;

    /// <summary>0 to 1.</summary>
    public double Share => BudgetMs <= 0 ? 0 : Math.Clamp(OffsetMs / (double)BudgetMs, 0, 1);

    public static HybridClock Of(RegionView region, long budgetMs)
    {
        var (physical, logical) = Parse(region.Hlc);
        return new HybridClock(region.Id, region.Hlc, physical, logical, region.ClockOffsetMs, budgetMs);
    }

    /// <summary>Of a node of the gateway's own cluster; null when the gateway cannot look inside.</summary>
    public static HybridClock? Of(NodeView node, long budgetMs)
    {
        if (node.Hlc is null)
        {
            return null;
        }

        var (physical, logical) = Parse(node.Hlc);
        return new HybridClock(node.Id, node.Hlc, physical, logical, node.ClockOffsetMs ?? 0, budgetMs);
    }

    public static (DateTimeOffset? Physical, long? Logical) Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), counter)
            : (null, null);
    }
}
