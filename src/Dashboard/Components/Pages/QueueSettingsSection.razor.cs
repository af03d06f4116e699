using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How a queue behaves, and what happened in it since it was created.</summary>
public partial class QueueSettingsSection(Curl curl, Text text)
{
    [Parameter, EditorRequired]
    public required QueueView View { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnDelete { get; set; }

    private Text Text => text;

    private Curl Curl => curl;
}
