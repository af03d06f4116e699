using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Locks;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One lock with everybody around it.</summary>
public partial class LockPanel(QuorateClient client, Curl curl, Text text)
{
    private bool _asking;

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Null when nobody holds or waits for it.</summary>
    [Parameter, EditorRequired]
    public LockView? View { get; set; }

    /// <summary>Whether the locks have arrived at all.</summary>
    [Parameter, EditorRequired]
    public bool Known { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private string NextWords(LockView view)
    {
        if (view.Waiters.Count == 0)
        {
            return text["Lock.NobodyNext"];
        }

        var first = view.Waiters.MinBy(waiter => waiter.Position)!;
        return view.Waiters.Count == 1
            ? text["Lock.OnlyNext", first.Owner]
            : text["Lock.Next", first.Owner, view.Waiters.Count - 1];
    }

    private async Task ForceReleaseAsync(string? reason)
    {
        await client.ForceReleaseLockAsync(Name, reason);
        _asking = false;
        StateHasChanged();
    }
}
