using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Removes a node from the cluster, once the operator has seen what that does to the quorum.</summary>
public partial class RemoveMemberDialog(QuorateClient client, Curl curl, Text text)
{
    private MemberChange? _change;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _change = await client.RemoveMemberAsync(Id, dryRun: true);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task RemoveAsync(string? reason)
    {
        await client.RemoveMemberAsync(Id, reason: reason);
        await OnDone.InvokeAsync();
    }
}
