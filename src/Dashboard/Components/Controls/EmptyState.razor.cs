using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Nothing to list: says why, and how to make the first one.</summary>
public partial class EmptyState
{
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required string Explanation { get; set; }

    /// <summary>A command to copy.</summary>
    [Parameter]
    public string? Example { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
