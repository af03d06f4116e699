using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Hands leadership over, or lets the nodes elect anew.</summary>
public partial class LeadershipActions(QuorateClient client, Curl curl, Text text)
{
    private Asked _asking;
    private string _target = "";
    private TransferLeadershipResponse? _done;

    private enum Asked
    {
        Nothing,
        Transfer,
        Election,
    }

    [Parameter, EditorRequired]
    public required Topology Topology { get; set; }

    /// <summary>Newest first; what earlier changes cost tells what the next one will.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<LeaderTerm> Terms { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private IEnumerable<NodeView> Candidates => Topology.Nodes.Where(node => node.Voter && node.Id != Topology.Leader);

    private NodeView? Target => Candidates.FirstOrDefault(node => node.Id == _target);

    private string? TargetId => _target.Length == 0 ? null : _target;

    private string PauseWords(params string[] causes) => LeadershipPause.Of(Terms, causes) is { } pause
        ? text["Leaders.PauseSeen", Format.Milliseconds(pause.MedianMs), pause.Seen]
        : text["Leaders.PauseUnseen"];

    private string TransferCommand(string? reason) => curl.Write(
        "POST", Routes.Leadership, JsonSerializer.Serialize(new TransferLeadershipRequest(TargetId), ContractJson.Options), reason);

    private async Task TransferAsync(string? reason) => Finish(await client.TransferLeadershipAsync(TargetId, reason));

    private async Task HoldElectionAsync(string? reason) => Finish(await client.HoldElectionAsync(reason));

    private void Finish(TransferLeadershipResponse done)
    {
        _done = done;
        Close();
        StateHasChanged();
    }

    private void Close() => (_asking, _target) = (Asked.Nothing, "");
}
