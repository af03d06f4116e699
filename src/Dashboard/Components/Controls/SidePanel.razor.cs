using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Detail of the selected row, beside the table; what it shows stands in the URL. Escape closes it.</summary>
public partial class SidePanel(Browser browser, Text text)
{
    private ElementReference _element;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required string TestId { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>Whether the title names something whose name may be wanted elsewhere.</summary>
    [Parameter]
    public bool Copyable { get; set; } = true;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private Text Text => text;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await browser.FocusAsync(_element);
        }
    }
}
