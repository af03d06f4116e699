using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who takes messages, and what each has and has not settled.</summary>
public partial class QueueConsumers(Curl curl, Text text)
{
    [Parameter, EditorRequired]
    public required QueueView View { get; set; }

    private Text Text => text;

    private Curl Curl => curl;
}
