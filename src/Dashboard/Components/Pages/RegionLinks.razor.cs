using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Each direction between two regions, with where its lag comes from; the laboratory cuts and heals.</summary>
public partial class RegionLinks(QuorateClient client, Curl curl)
{
    private RegionLinkView? _acting;

    [Parameter, EditorRequired]
    public required RegionsView View { get; set; }

    /// <summary>Whether links may be cut here.</summary>
    [Parameter, EditorRequired]
    public bool Laboratory { get; set; }

    [Parameter]
    public string? Sort { get; set; }

    [Parameter]
    public EventCallback<string> OnSort { get; set; }

    private Curl Curl => curl;

    private static string KeyOf(RegionLinkView link) => $"{link.From}-{link.To}";

    private static string ToneOf(string state) => state switch
    {
        RegionLinkStates.Up => "healthy",
        RegionLinkStates.Behind => "warning",
        _ => "critical",
    };

    private static string IconOf(string state) => state switch
    {
        RegionLinkStates.Up => "check",
        RegionLinkStates.Behind => "waiting",
        RegionLinkStates.Cut => "isolate",
        _ => "offline",
    };

    /// <summary>Changes that wait for the link, in both directions.</summary>
    private long Lacking(RegionLinkView link) => View.Links
        .Where(each => (each.From, each.To) == (link.From, link.To) || (each.From, each.To) == (link.To, link.From))
        .Sum(each => each.LagOperations);

    private async Task ActAsync(string? reason)
    {
        var link = _acting!;
        await (link.Cut ? client.HealLinkAsync(link.From, link.To, reason) : client.CutLinkAsync(link.From, link.To, reason));
        _acting = null;
        StateHasChanged();
    }
}
