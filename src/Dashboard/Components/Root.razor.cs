using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components;

/// <summary>Root of the circuit; hands it what the request said about the operator.</summary>
public partial class Root(Text text, Clock clock)
{
    [Parameter, EditorRequired]
    public required string Language { get; set; }

    [Parameter]
    public string? TimeZone { get; set; }

    protected override void OnInitialized()
    {
        text.Language = Language;
        clock.UseZone(TimeZone);
    }
}
