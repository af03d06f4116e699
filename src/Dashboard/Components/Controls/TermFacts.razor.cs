using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>All that is known of one term.</summary>
public partial class TermFacts(Text text, Clock clock)
{
    [Parameter, EditorRequired]
    public required LeaderTerm Term { get; set; }

    private Text Text => text;

    private Clock Clock => clock;
}
