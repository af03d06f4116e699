using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Shows what a conflict becomes, and does it.</summary>
public partial class ResolveDialog(QuorateClient client, Curl curl, Text text)
{
    [Parameter, EditorRequired]
    public required ConflictView Conflict { get; set; }

    [Parameter, EditorRequired]
    public required Resolution Resolution { get; set; }

    /// <summary>Where it is done; null: the gateway's own region.</summary>
    [Parameter, EditorRequired]
    public string? Region { get; set; }

    /// <summary>It was done; gets the conflict's new status.</summary>
    [Parameter, EditorRequired]
    public required Func<string, Task> OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private string Title => text[$"Resolve.Title.{Resolution.Kind}", Resolution.Region ?? Conflict.Key];

    private string Command(string? reason) => curl.Write(
        "POST",
        Addresses.With($"{Routes.Conflict(Conflict.Id)}/{(Resolution.Request is null ? "undo" : "resolve")}", ("region", Region)),
        Resolution.Request is null ? null : Resolution.Body(),
        reason);

    private async Task ResolveAsync(string? reason)
    {
        var answer = Resolution.Request is { } request
            ? await client.In(Region).ResolveConflictAsync(Conflict.Id, request, reason)
            : await client.In(Region).UndoConflictAsync(Conflict.Id, reason);
        await OnDone(Resolution.Request is null ? ConflictStatuses.Undone : answer.Status);
    }
}
