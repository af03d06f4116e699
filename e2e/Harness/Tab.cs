using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Quorate.EndToEnd.Harness;

/// <summary>A browser tab with the console in it. Closing it fails the test when a script threw or the circuit broke.</summary>
internal sealed partial class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    public Tab(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _faults.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Set where the gateway is killed: its circuits end with it.</summary>
    public bool ExpectsFaults { get; init; }

    public ILocator QuorumSentence => TestId("quorum-sentence");

    public ILocator Dialog => TestId("confirm-dialog");

    /// <summary>Loads a page and waits until its circuit stands and its data is live.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ExpectLiveAsync();
    }

    public async Task ExpectLiveAsync()
    {
        await Expect(TestId("frame")).ToHaveAttributeAsync("data-ready", "true");
        await Expect(TestId("live-indicator")).ToHaveAttributeAsync("data-state", "connected");
    }

    public ILocator TestId(string id) => Page.GetByTestId(id);

    /// <summary>The row of a table by the key it stands for.</summary>
    public ILocator Row(string testId, string key) => Page.Locator($"[data-testid='{testId}'][data-key='{key}']");

    public Task ExpectUrlAsync(string part) => Expect(Page).ToHaveURLAsync(new Regex(Regex.Escape(part)));

    /// <summary>Leaves a mark in the page that a reload would wipe out.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("window.notReloaded = true");

    public async Task ExpectNotReloadedAsync() =>
        Assert.True(await Page.EvaluateAsync<bool>("window.notReloaded === true"), "The page was reloaded.");

    /// <summary>Fills in the confirmation dialog and waits until it has closed.</summary>
    public async Task ConfirmAsync(string? type = null, string? reason = null)
    {
        if (type is not null)
        {
            await Expect(TestId("confirm-submit")).ToBeDisabledAsync();
            await TestId("confirm-input").FillAsync(type);
        }

        if (reason is not null)
        {
            await TestId("confirm-reason").FillAsync(reason);
        }

        await TestId("confirm-submit").ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    /// <summary>Seconds in a duration as the console writes them, such as <c>1 m 12 s</c>.</summary>
    public static async Task<int> SecondsAsync(ILocator duration)
    {
        var parts = DurationPart().Matches(await duration.InnerTextAsync());
        return parts.Sum(part => int.Parse(part.Groups[1].Value) * (part.Groups[2].Value == "m" ? 60 : 1));
    }

    public async ValueTask DisposeAsync()
    {
        var broken = !Page.IsClosed && await Page.Locator("#blazor-error-ui").IsVisibleAsync();
        await _context.DisposeAsync();
        if (!ExpectsFaults)
        {
            Assert.Empty(_faults);
            Assert.False(broken, "The page shows that its circuit broke.");
        }
    }

    [GeneratedRegex(@"(\d+)\s*([ms])")]
    private static partial Regex DurationPart();
}
