using System.Text.RegularExpressions;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>On every page: which environment, whether to worry, whether what is shown is live.</summary>
public partial class TopBar(Clock clock)
{
    private const string NoColor = "gray";

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology, Topics.Lag];

    private QuorumSentence Sentence => QuorumSentence.Of(Store.Topology, Text, clock);

    /// <summary>Whose cluster the sentence and most pages are about; with a single region nobody needs to ask.</summary>
    private string? Region => Store.Regions is { Regions.Count: > 1 } ? Store.Topology?.Nodes.FirstOrDefault()?.Region : null;

    private bool IsStale => Live.Freshness(Topics.Topology).Kind == FreshnessKind.Stale;

    private string OtherLanguage => Text.Language == Text.English ? Text.Chinese : Text.English;

    /// <summary>The colour comes from configuration and goes into a style: only a name or a hexadecimal value passes.</summary>
    private string Color =>
        Store.Topology?.Environment.Color is { } color && ColorPattern().IsMatch(color) ? color : NoColor;

    [GeneratedRegex("^(#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,24})$")]
    private static partial Regex ColorPattern();
}
