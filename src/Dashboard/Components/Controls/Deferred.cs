using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Draws its content after its elder siblings have been set up; a table needs its columns first.</summary>
public sealed class Deferred : ComponentBase
{
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
