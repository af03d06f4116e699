namespace Quorate.EndToEnd.Harness;

/// <summary>A headless Chromium, as the system has it; <c>CHROMIUM_PATH</c> names another.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    ];

    private static readonly string[] Places =
    [
        Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why browser tests cannot run here; null when they can, or when they must.</summary>
    internal static string? WhyMissing => Executable is not null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "No Chromium found: install the package chromium, or set CHROMIUM_PATH.";

    private static string? Executable => Places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (WhyMissing is not null)
        {
            return;
        }

        SetDefaultExpectTimeout((float)Deadlines.Condition.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable ?? throw new InvalidOperationException("CI=true needs Chromium, and there is none."),
            Args = Arguments,
            Timeout = (float)Deadlines.ProcessStart.TotalMilliseconds,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page of the console in a profile of its own and waits until it is live.</summary>
    internal async Task<Tab> OpenAsync(Gateway gateway, string path, Look? look = null)
    {
        look ??= Look.Light;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = gateway.Address.ToString(),
            ColorScheme = look.Scheme,
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "UTC",
        });
        if (look.Language is { } language)
        {
            await context.AddCookiesAsync([new Cookie { Name = "quorate-language", Value = language, Url = gateway.Address.ToString() }]);
        }

        context.SetDefaultTimeout((float)Deadlines.Condition.TotalMilliseconds);
        var tab = new Tab(context, await context.NewPageAsync());
        await tab.GoAsync(path);
        return tab;
    }
}
