using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>The frame of every page; begins to follow the cluster once the circuit stands.</summary>
public partial class MainLayout(LiveState live, Ticker ticker, Clock clock, Browser browser, NavigationManager navigation, Text text)
{
    private bool _ready;

    private Text Text => text;

    private string ContentLink => $"{navigation.Uri.Split('#')[0]}#content";

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        live.Start();
        ticker.Start();
        clock.UseZone(await browser.TimeZoneAsync());
        _ready = true;
        StateHasChanged();
    }
}
