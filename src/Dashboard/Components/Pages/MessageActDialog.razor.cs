using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Asks how many messages to redrive, requeue or purge, and does it.</summary>
public partial class MessageActDialog(QuorateClient client, Curl curl, Text text)
{
    /// <summary>What one request can move or, when a number is given, purge.</summary>
    private const int MaxOfOneRequest = 100_000;

    private string _max = "";
    private bool _valid = true;

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>One of <see cref="MessageStates"/>.</summary>
    [Parameter, EditorRequired]
    public required string State { get; set; }

    [Parameter, EditorRequired]
    public required MessageAct Act { get; set; }

    /// <summary>One message only; null asks how many.</summary>
    [Parameter, EditorRequired]
    public long? Id { get; set; }

    /// <summary>Messages in that state.</summary>
    [Parameter, EditorRequired]
    public long Count { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private int? Max => _max.Length == 0 ? null : int.Parse(_max, CultureInfo.InvariantCulture);

    private string Path => $"{Routes.Queue(Name)}/{Act.ToString().ToLowerInvariant()}";

    private string Amount => Id is { } id ? Format.Id(id) : Format.Number(_valid && Max is { } max ? Math.Min(max, Count) : Count);

    private string Body
    {
        get
        {
            var body = new JsonObject();
            if (Act != MessageAct.Redrive)
            {
                body["state"] = State;
            }

            if (Id is { } id)
            {
                body["ids"] = new JsonArray(id);
            }
            else if (_valid && Max is { } max)
            {
                body["max"] = max;
            }

            return body.ToJsonString();
        }
    }

    private void SetMax(string? value)
    {
        var typed = value?.Trim() ?? "";
        _valid = typed.Length == 0 || (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxOfOneRequest);
        _max = typed;
    }

    private async Task DoAsync(string? reason)
    {
        IReadOnlyList<long>? ids = Id is { } id ? [id] : null;
        _ = Act switch
        {
            MessageAct.Redrive => (object)await client.RedriveQueueAsync(Name, new RedriveRequest(ids, Max), reason),
            MessageAct.Requeue => await client.RequeueAsync(Name, new RequeueRequest(State, ids, Max), reason),
            _ => await client.PurgeQueueAsync(Name, new PurgeRequest(State, Max), reason),
        };
        await OnDone.InvokeAsync();
    }
}
