using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>A state as icon, word and colour, so that none of the three is needed to read it.</summary>
public partial class StatusChip
{
    /// <summary>CSS class: <c>healthy</c>, <c>info</c>, <c>warning</c>, <c>critical</c>, <c>unknown</c> or a role.</summary>
    [Parameter, EditorRequired]
    public required string Tone { get; set; }

    [Parameter, EditorRequired]
    public required string IconName { get; set; }

    [Parameter, EditorRequired]
    public required string Word { get; set; }

    [Parameter]
    public string? Title { get; set; }

    [Parameter]
    public string? TestId { get; set; }
}
