using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Enqueues one message by hand.</summary>
public partial class PublishDialog(QuorateClient client, Curl curl, Text text)
{
    private string _body = """{ "test": true }""";
    private string? _wrong;
    private int _priority;
    private long _delayMs;
    private string _dedupId = "";

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private NewQueueMessage Message => new(
        JsonElement.Parse(_body), _priority, _delayMs == 0 ? null : _delayMs, _dedupId.Length == 0 ? null : _dedupId);

    private void SetBody(string? body)
    {
        _body = body ?? "";
        try
        {
            JsonElement.Parse(_body);
            _wrong = null;
        }
        catch (JsonException error)
        {
            _wrong = error.Message;
        }
    }

    private string CommandOf(string? reason)
    {
        var message = new JsonObject { ["body"] = _wrong is null ? JsonNode.Parse(_body) : "…" };
        if (_priority != 0)
        {
            message["priority"] = _priority;
        }

        if (_delayMs != 0)
        {
            message["delayMs"] = _delayMs;
        }

        if (_dedupId.Length > 0)
        {
            message["dedupId"] = _dedupId;
        }

        var body = new JsonObject { ["messages"] = new JsonArray(message) };
        return curl.Write("POST", $"{Routes.Queue(Name)}/messages", body.ToJsonString(), reason);
    }

    private async Task PublishAsync(string? reason)
    {
        await client.EnqueueAsync(Name, [Message], reason);
        await OnDone.InvokeAsync();
    }
}
