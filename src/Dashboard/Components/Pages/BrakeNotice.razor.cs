using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Deletions that a region holds until somebody lets them through or refuses them.</summary>
public partial class BrakeNotice(QuorateClient client, Curl curl, Text text)
{
    private IReadOnlyList<BrakeView> _brakes = [];
    private long? _read;
    private (BrakeView Brake, string Action)? _asking;
    private BrakeResponse? _done;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string Region { get; set; }

    /// <summary>Deletions that wait; the brakes are read again when it is another number.</summary>
    [Parameter, EditorRequired]
    public long Held { get; set; }

    /// <summary>Whether this gateway reaches the region; otherwise only the number is known.</summary>
    [Parameter, EditorRequired]
    public bool Reachable { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    protected override async Task OnParametersSetAsync()
    {
        if (Reachable && RendererInfo.IsInteractive && _read != Held)
        {
            _read = Held;
            await ReadAsync();
        }
    }

    private static string Body(string action) => JsonSerializer.Serialize(new BrakeRequest(action), ContractJson.Options);

    private void Ask(BrakeView brake, string action) => (_asking, _done) = ((brake, action), null);

    private async Task ReadAsync()
    {
        try
        {
            (_brakes, _failure) = ((await client.ListBrakesAsync(Region)).Items, null);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task DecideAsync(string? reason)
    {
        var (brake, action) = _asking!.Value;
        _done = await client.DecideBrakeAsync(Region, brake.Collection, action, reason);
        _asking = null;
        await ReadAsync();
        StateHasChanged();
    }
}
