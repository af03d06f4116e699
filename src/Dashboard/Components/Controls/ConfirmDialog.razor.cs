using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Says what will happen, then asks: the target's name typed, a reason, and the command that does the same.</summary>
public partial class ConfirmDialog(Browser browser, Text text)
{
    private const int MaxReasonLength = 200;

    private ElementReference _element;
    private string _typed = "";
    private string _reason = "";
    private bool _working;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>What the button says: the verb of the action.</summary>
    [Parameter, EditorRequired]
    public required string Action { get; set; }

    /// <summary>Does it; gets the reason, null when none was given. What it throws is shown, and the dialog stays open.</summary>
    /// <remarks>Not an <see cref="EventCallback"/>, which would swallow the cancellation that a timeout is.</remarks>
    [Parameter, EditorRequired]
    public required Func<string?, Task> OnConfirm { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    /// <summary>The name that has to be typed; null asks for none.</summary>
    [Parameter]
    public string? TypeToConfirm { get; set; }

    /// <summary>Whether all that the action needs is there; false keeps the button disabled.</summary>
    [Parameter]
    public bool Ready { get; set; } = true;

    [Parameter]
    public bool Danger { get; set; }

    /// <summary>The equivalent command, given the reason.</summary>
    [Parameter]
    public Func<string?, string>? Command { get; set; }

    /// <summary>The consequences.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private Text Text => text;

    private string? Reason => string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim();

    private bool CanSubmit => !_working && Ready && (TypeToConfirm is null || _typed == TypeToConfirm);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await browser.ShowModalAsync(_element);
        }
    }

    private async Task SubmitAsync()
    {
        if (!CanSubmit)
        {
            return;
        }

        _working = true;
        _failure = null;
        try
        {
            await OnConfirm(Reason);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
        finally
        {
            _working = false;
        }
    }
}
