using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>The regions, and how far each is behind each other one.</summary>
public partial class RegionGraph(Text text, Browser browser)
{
    private static readonly string[] States = [RegionLinkStates.Up, RegionLinkStates.Behind, RegionLinkStates.Down, RegionLinkStates.Cut];

    private bool _narrow;

    [Parameter, EditorRequired]
    public required RegionsView Regions { get; set; }

    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    private Text Text => text;

    /// <summary>The arrows as sentences, for who cannot see them.</summary>
    private string Spoken => string.Join(' ', Regions.Links.Select(Words));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await browser.IsNarrowAsync())
        {
            _narrow = true;
            StateHasChanged();
        }
    }

    private string Words(RegionLinkView link) => text[
        "Link.Words", link.From, link.To, text.Word("Link", link.State), Format.Number(link.LagOperations), Format.Seconds(link.LagSeconds)];

    private string Label(RegionLinkView link) =>
        link is { State: RegionLinkStates.Up, LagOperations: 0 } ? text.Word("Link", link.State)
        : text["Link.Label", text.Word("Link", link.State), Format.Number(link.LagOperations), Format.Seconds(link.LagSeconds)];

    private string Fact(RegionView region) =>
        region.Held > 0 ? text.Count("Region.Held", region.Held)
        : region.Conflicts > 0 ? text.Count("Region.Conflicts", region.Conflicts)
        : region.QueueSize > 0 ? text.Count("Region.Queued", region.QueueSize)
        : text.Count("Region.Documents", region.Documents);

    private Task KeyAsync(KeyboardEventArgs args, string region) =>
        args.Key is "Enter" or " " ? OnSelect.InvokeAsync(region) : Task.CompletedTask;

    private static string F(double value) => ChartScale.Figure(value);
}
