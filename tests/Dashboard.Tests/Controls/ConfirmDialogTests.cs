using Quorate.Dashboard.Components.Controls;

namespace Quorate.Dashboard.Tests.Controls;

public class ConfirmDialogTests : ConsoleContext
{
    private readonly List<string?> _reasons = [];
    private bool _cancelled;

    [Fact]
    public void Dialog_Shown_IsModal()
    {
        var module = JSInterop.SetupModule("./_content/Quorate.Dashboard/dashboard.js");
        var show = module.Setup<bool>("showModal", _ => true);

        Show("n1");

        Assert.Single(show.Invocations);
    }

    [Fact]
    public void Submit_NameNotTyped_IsDisabledAndDoesNothing()
    {
        var dialog = Show("n1");
        dialog.Find("[data-testid=confirm-input]").Input("n");

        dialog.Find("form").Submit();

        Assert.True(dialog.Find("[data-testid=confirm-submit]").HasAttribute("disabled"));
        Assert.Empty(_reasons);
    }

    [Fact]
    public void Submit_NameTyped_HandsOverTheReason()
    {
        var dialog = Show("n1");
        dialog.Find("[data-testid=confirm-input]").Input("n1");
        dialog.Find("[data-testid=confirm-reason]").Input(" drill ");

        dialog.Find("form").Submit();

        Assert.Equal(["drill"], _reasons);
    }

    [Fact]
    public void Submit_NoNameToType_NeedsNone()
    {
        var dialog = Show(null);

        dialog.Find("form").Submit();

        Assert.Equal([null], _reasons);
    }

    [Fact]
    public void Command_ReasonTyped_CarriesIt()
    {
        var dialog = Show("n1");

        dialog.Find("[data-testid=confirm-reason]").Input("drill");

        Assert.Equal("curl drill", dialog.Find("code").TextContent);
    }

    [Fact]
    public void Cancel_Clicked_IsWhatEscapePresses()
    {
        Show("n1").Find("[data-dismiss][data-testid=confirm-cancel]").Click();

        Assert.True(_cancelled);
    }

    [Fact]
    public void Submit_Fails_SaysWhyAndStaysOpen()
    {
        var dialog = Show(null, _ => throw new HttpRequestException("connection refused"));

        dialog.Find("form").Submit();

        Assert.Contains("connection refused", dialog.Find("[data-testid=confirm-error]").TextContent);
        Assert.False(dialog.Find("[data-testid=confirm-submit]").HasAttribute("disabled"));
    }

    private IRenderedComponent<ConfirmDialog> Show(string? typed, Func<string?, Task>? confirm = null) => Render<ConfirmDialog>(p => p
        .Add(c => c.Title, "Stop").Add(c => c.Action, "Stop").Add(c => c.TypeToConfirm, typed).Add(c => c.Danger, true)
        .Add(c => c.Command, reason => $"curl {reason}")
        .Add(c => c.OnConfirm, confirm ?? (reason =>
        {
            _reasons.Add(reason);
            return Task.CompletedTask;
        }))
        .Add(c => c.OnCancel, () => _cancelled = true));
}
