using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>One thing that an action will do.</summary>
public partial class Consequence
{
    [Parameter, EditorRequired]
    public Severity Severity { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
