using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>A decorative line drawing; the word beside it carries the meaning.</summary>
public partial class Icon
{
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Edge in pixels.</summary>
    [Parameter]
    public int Size { get; set; } = 16;
}
