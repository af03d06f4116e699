using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Publishes one event by hand, to see who listens.</summary>
public partial class PublishEventDialog(QuorateClient client, Curl curl, Text text)
{
    private string _topic = "";
    private string _payload = """{ "test": true }""";
    private string _scope = EventScopes.Cluster;

    /// <summary>The topic to begin with.</summary>
    [Parameter]
    public string? Suggested { get; set; }

    /// <summary>Gets the topic that was published to.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string> OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private bool IsJson => TryParse(out _);

    private bool Ready => _topic.Trim().Length > 0 && IsJson;

    private string Body => TryParse(out var payload)
        ? JsonSerializer.Serialize(new PublishEventRequest(payload, _scope), ContractJson.Options)
        : """{"payload":…}""";

    protected override void OnInitialized() => _topic = Suggested ?? "";

    private async Task PublishAsync(string? reason)
    {
        TryParse(out var payload);
        await client.PublishEventAsync(_topic.Trim(), payload, _scope, reason);
        await OnDone.InvokeAsync(_topic.Trim());
    }

    private bool TryParse(out JsonElement payload)
    {
        try
        {
            payload = JsonElement.Parse(_payload);
            return true;
        }
        catch (JsonException)
        {
            payload = default;
            return false;
        }
    }
}
