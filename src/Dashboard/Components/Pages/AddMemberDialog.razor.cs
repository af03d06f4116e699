using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Adds a node, once the gateway has said what that does to the quorum.</summary>
public partial class AddMemberDialog(QuorateClient client, Curl curl, Text text, TimeProvider time) : IDisposable
{
    /// <summary>The gateway is asked once the operator has paused typing for this long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private string _id = "";
    private string _address = "";
    private bool _voter = true;
    private bool _needsAddress;
    private MemberChange? _change;
    private string? _failure;
    private CancellationTokenSource? _asking;

    /// <summary>Whether the gateway starts nodes itself, so that they need no address.</summary>
    [Parameter, EditorRequired]
    public bool RunsNodesHere { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private AddMemberRequest Request => new(_id.Trim(), string.IsNullOrWhiteSpace(_address) ? null : _address.Trim(), Voter: _voter ? null : false);

    public void Dispose() => _asking?.Cancel();

    private async Task SetAsync(Action set)
    {
        set();
        (_change, _failure) = (null, null);
        _asking?.Cancel();
        if (_id.Trim().Length > 0)
        {
            _asking = new CancellationTokenSource();
            await AskAsync(_asking.Token);
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Pause, time, cancellation);
            _change = await client.AddMemberAsync(Request, dryRun: true, cancellation: cancellation);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            if (!cancellation.IsCancellationRequested)
            {
                _failure = Failures.Describe(exception, text);
                _needsAddress |= exception is QuorateException { Problem.Field: "address" };
            }
        }
    }

    private string CommandOf(string? reason)
    {
        var body = new Dictionary<string, object> { ["id"] = Request.Id };
        if (Request.Address is { } address)
        {
            body["address"] = address;
        }

        if (!_voter)
        {
            body["voter"] = false;
        }

        return curl.Write("POST", Routes.Members, JsonSerializer.Serialize(body, ContractJson.Options), reason);
    }

    private async Task AddAsync(string? reason)
    {
        await client.AddMemberAsync(Request, reason: reason);
        await OnDone.InvokeAsync();
    }
}
